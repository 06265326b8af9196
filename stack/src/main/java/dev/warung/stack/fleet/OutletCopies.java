package dev.warung.stack.fleet;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Copies of outlets' files that were found in the last days, by the outlet's code.
 *
 * @param byCode only of those that have some
 */
public record OutletCopies(Map<String, Copies> byCode) {

    /** How long one is told of. */
    public static final int DAYS = 30;

    /** An older set-up has no such table, and not every role may read it: then nothing is known. */
    private static final String MAY_READ =
            "select coalesce(has_table_privilege(to_regclass('warung.outlet_copies'), 'select'), false)";

    private static final String READ =
            "select outlet_code, count(*), to_char(max(found_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
                    + " from warung.outlet_copies where found_at > now() - interval '" + DAYS
                    + " days' group by outlet_code";

    /** @param lastFoundAt in UTC */
    public record Copies(int count, String lastFoundAt) {}

    public OutletCopies {
        byCode = Map.copyOf(byCode);
    }

    public static OutletCopies read(Connection connection) throws SQLException {
        Map<String, Copies> copies = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet may = statement.executeQuery(MAY_READ)) {
                if (!may.next() || !may.getBoolean(1)) {
                    return new OutletCopies(copies);
                }
            }
            try (ResultSet row = statement.executeQuery(READ)) {
                while (row.next()) {
                    copies.put(row.getString(1), new Copies(row.getInt(2), row.getString(3)));
                }
            }
        }
        return new OutletCopies(copies);
    }

    public Optional<Copies> of(String code) {
        return Optional.ofNullable(byCode.get(code));
    }
}
