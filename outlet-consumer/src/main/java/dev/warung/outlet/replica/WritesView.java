package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is to read of the application's writes, in a file that somebody else keeps.
 *
 * <p>Thread: any; each call has a connection of its own.
 */
public final class WritesView {

    private static final String SYNC_LOG = "warung.sync_log";
    /** What the outlet's file calls the server's table of conflicts. */
    static final String CONFLICTS = "warung.conflicts";

    private final Path file;

    public WritesView(Path file) {
        this.file = file;
    }

    /**
     * Which lines.
     *
     * @param skip so many of the first ones are left out
     */
    public record Page(int limit, int skip) {
        public Page {
            if (limit < 1 || limit > 1000 || skip < 0) {
                throw new IllegalArgumentException("limit is 1 to 1000, offset not negative");
            }
        }
    }

    /**
     * Writes in these states, the oldest first.
     *
     * @param table empty for all
     */
    public List<Map<String, @Nullable Object>> writes(List<String> states, String table, Page page) {
        String wanted = String.join(", ", states.stream().map(TableStore::text).toList());
        return read(
                "SELECT * FROM _warung_writes WHERE status IN (" + wanted + ") AND (?1 = '' OR table_name = ?1)"
                        + " ORDER BY seq LIMIT ?2 OFFSET ?3",
                table,
                (long) page.limit(),
                (long) page.skip());
    }

    /** What the server says of uploads, the newest first. */
    public List<Map<String, @Nullable Object>> logs(Page page) {
        return table(SYNC_LOG, "began_at", page);
    }

    /** What the server says of conflicts, the newest first. */
    public List<Map<String, @Nullable Object>> conflicts(Page page) {
        return table(CONFLICTS, "created_at", page);
    }

    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        read("SELECT status, count(*) AS n FROM _warung_writes GROUP BY status")
                .forEach(row ->
                        counts.put(String.valueOf(row.get("status")), ((Number) row.getOrDefault("n", 0)).longValue()));
        return counts;
    }

    private List<Map<String, @Nullable Object>> table(String name, String newest, Page page) {
        if (read("SELECT 1 FROM sqlite_master WHERE name = ?1", name).isEmpty()) {
            return List.of();
        }
        return read(
                "SELECT * FROM " + TableId.quote(name) + " ORDER BY " + newest + " DESC LIMIT ?1 OFFSET ?2",
                (long) page.limit(),
                (long) page.skip());
    }

    private List<Map<String, @Nullable Object>> read(String sql, @Nullable Object... values) {
        try (Connection connection = ReplicaFile.openAsApplication(file)) {
            Sqlite.execute(connection, "PRAGMA query_only=ON");
            return new Statements(connection).list(sql, WritesView::row, values);
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot open " + file);
        }
    }

    private static Map<String, @Nullable Object> row(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            row.put(columns.getColumnLabel(i), result.getObject(i));
        }
        return row;
    }
}
