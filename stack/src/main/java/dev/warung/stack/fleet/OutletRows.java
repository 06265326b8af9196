package dev.warung.stack.fleet;

import dev.warung.core.shape.Outlet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code warung.outlets}. Thread: that of the connection. */
public record OutletRows(Connection connection) {

    private static final String COLUMNS = "id::text, code, name, attributes::text, enabled, generation";

    /** All, by code. */
    public List<Outlet> read() throws SQLException {
        List<Outlet> outlets = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select " + COLUMNS + " from warung.outlets order by code")) {
            while (result.next()) {
                outlets.add(outlet(result));
            }
        }
        return outlets;
    }

    public Optional<Outlet> find(String code) throws SQLException {
        return one("select " + COLUMNS + " from warung.outlets where code = ?", code);
    }

    /**
     * @param attributes a JSON object
     * @return empty if the code is taken
     */
    public Optional<Outlet> add(String code, String name, String attributes) throws SQLException {
        return one(
                "insert into warung.outlets (code, name, attributes) values (?, ?, ?::jsonb)"
                        + " on conflict (code) do nothing returning " + COLUMNS,
                code,
                name,
                attributes);
    }

    public Optional<Outlet> enable(String code) throws SQLException {
        return one("update warung.outlets set enabled = true where code = ? returning " + COLUMNS, code);
    }

    public Optional<Outlet> disable(String code) throws SQLException {
        return one("update warung.outlets set enabled = false where code = ? returning " + COLUMNS, code);
    }

    /** Lets the outlet fetch everything anew. */
    public Optional<Outlet> resync(String code) throws SQLException {
        return one("update warung.outlets set generation = generation + 1 where code = ? returning " + COLUMNS, code);
    }

    /** @param changed a JSON object: attributes of these names are replaced, null takes one away */
    public Optional<Outlet> change(String code, String changed) throws SQLException {
        return one(
                "update warung.outlets set attributes = jsonb_strip_nulls(attributes || ?::jsonb) where code = ? returning "
                        + COLUMNS,
                changed,
                code);
    }

    public Optional<Outlet> remove(String code) throws SQLException {
        return one("delete from warung.outlets where code = ? returning " + COLUMNS, code);
    }

    private Optional<Outlet> one(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(outlet(result)) : Optional.empty();
            }
        }
    }

    private static Outlet outlet(ResultSet row) throws SQLException {
        return new Outlet(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Outlet.attributesOf(row.getString(4)),
                row.getBoolean(5),
                row.getInt(6));
    }
}
