package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaNames;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.replica.TableLayout.LayoutColumn;
import dev.warung.core.wire.ShapeSchema;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that the application sees.
 *
 * @param number names its table of holders; never used twice
 * @param name what SQLite calls it
 * @param isShared whether several shapes hold rows of it, so that a row's holders are kept beside it
 */
record AppTable(TableId id, int number, String name, TableLayout layout, boolean isShared) {

    private static final Logger LOG = LoggerFactory.getLogger(AppTable.class);

    /** Columns of the table of holders; no column of a table begins like this. */
    static final String FEED = ReplicaNames.OWN_PREFIX + "feed";

    static final String ID = ReplicaNames.OWN_PREFIX + "id";

    /** What a shape's table looks like in SQLite. */
    static TableLayout layoutOf(ShapeSchema.Table table) {
        List<LayoutColumn> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        int place = 0;
        for (ShapeSchema.ShapeColumn column : table.columns()) {
            place++;
            String name = column.name();
            while (!taken.add(ReplicaNames.fold(name))) {
                name = name + "_" + place;
            }
            columns.add(new LayoutColumn(
                    place,
                    name,
                    column.kind().sqliteType(),
                    column.notNull() || table.key().contains(column.name())));
        }
        return new TableLayout(
                columns, IntStream.of(table.keyPositions()).boxed().toList());
    }

    /** The name under which a feed's rows are kept until it is complete. */
    static String shadowName(int feed, int table) {
        return ReplicaNames.OWN_PREFIX + "shadow_" + feed + "_" + table;
    }

    /** Which feeds hold which row, and a change id that the row's content is at least as new as. */
    String holders() {
        return ReplicaNames.OWN_PREFIX + "holders_" + number;
    }

    AppTable shared(boolean shared) {
        return new AppTable(id, number, name, layout, shared);
    }

    String createHolders() {
        return "CREATE TABLE " + holders() + " ("
                + layout.keyColumns().stream()
                        .map(c -> c.quoted() + " " + c.type() + " NOT NULL, ")
                        .collect(Collectors.joining())
                + FEED + " INTEGER NOT NULL, " + ID + " BLOB NOT NULL, PRIMARY KEY (" + key() + ", " + FEED
                + ")) STRICT, WITHOUT ROWID";
    }

    /** The key's columns, with commas. */
    String key() {
        return TableLayout.names(layout.keyColumns());
    }

    /** That two tables have the same key in this row. */
    String sameKey(String one, String other) {
        return layout.keyColumns().stream()
                .map(c -> one + "." + c.quoted() + " = " + other + "." + c.quoted())
                .collect(Collectors.joining(" AND "));
    }

    /** That a row of a table has the key that is bound. */
    String keyIs(String table) {
        return layout.keyColumns().stream()
                .map(c -> table + "." + c.quoted() + " = ?")
                .collect(Collectors.joining(" AND "));
    }

    /** Indexes and triggers that the application has made for itself. */
    List<String> extras(Connection connection) {
        return Sqlite.texts(
                connection,
                "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = "
                        + TableStore.text(name) + " AND substr(name, 1, " + ReplicaNames.OWN_PREFIX.length() + ") <> '"
                        + ReplicaNames.OWN_PREFIX + "'");
    }

    void makeAgain(Connection connection, List<String> extras) {
        for (String sql : extras) {
            try {
                Sqlite.execute(connection, sql);
            } catch (RuntimeException e) {
                LOG.warn("Table {} is another one now, and does not take: {} ({})", name, sql, e.getMessage());
            }
        }
    }
}
