package dev.warung.stack.fleet;

import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.wire.ShapeDefinitionCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code warung.shapes}. Thread: that of the connection. */
public record ShapeRows(Connection connection) {

    /**
     * A row.
     *
     * @param shape empty if the definition is not one
     * @param problems why it is not
     * @param appliedAt as PostgreSQL prints it, in UTC
     */
    public record Stored(String name, Optional<Shape> shape, List<ShapeProblem> problems, String appliedAt) {
        public Stored {
            problems = List.copyOf(problems);
        }
    }

    /** Keeps other writers out until the transaction ends; readers go on. */
    public void lock() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table warung.shapes in share row exclusive mode");
        }
    }

    /** All, by name. */
    public List<Stored> read() throws SQLException {
        List<Stored> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select name, definition::text,"
                        + " to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
                        + " from warung.shapes order by name")) {
            while (result.next()) {
                rows.add(stored(result.getString(1), result.getString(2), result.getString(3)));
            }
        }
        return rows;
    }

    private static Stored stored(String name, String definition, String appliedAt) {
        try {
            return new Stored(name, Optional.of(ShapeDefinitionCodec.decode(name, definition)), List.of(), appliedAt);
        } catch (ShapeException e) {
            return new Stored(name, Optional.empty(), e.problems(), appliedAt);
        }
    }

    public void put(Shape shape) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into warung.shapes (name, definition) values (?, ?::jsonb)"
                        + " on conflict (name) do update set definition = excluded.definition, applied_at = now()")) {
            statement.setString(1, shape.name());
            statement.setString(2, ShapeDefinitionCodec.encode(shape));
            statement.executeUpdate();
        }
    }

    public void remove(String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("delete from warung.shapes where name = ?")) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }
}
