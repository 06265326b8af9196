package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.WritableTable;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;

/**
 * Where SQLite takes the ids of new rows from, in tables whose ids the server gives out: from 2^52 up, so nobody takes a local id for one
 * of the server's.
 *
 * <p>Where it begins is drawn by lot, for each file and each start: neither a new file of an outlet nor a copy of one may give out ids that
 * another has given to other rows. All stay below 2^53, so programs that have no integers but only floats can hold them.
 */
final class LocalIdSequence {

    private static final long BLOCK = 1L << 24;
    private static final long IDS_END = 1L << 53;
    private static final long BLOCKS = (IDS_END - WritableTable.LOCAL_IDS_FROM) / BLOCK;
    /** How far the next block is beyond ids that are in use. The first lies in the lower half, so there is room for many starts. */
    private static final long STEP_MAX = 1L << 18;

    private LocalIdSequence() {}

    /** How much of a table's definition says that ids are never given out again. */
    static String definition(String createTable) {
        return createTable.replaceFirst(" PRIMARY KEY", " PRIMARY KEY AUTOINCREMENT");
    }

    /** Makes the table one that numbers its new rows so, if it is not. No triggers of ours may be on it. */
    static void prepare(Connection connection, AppTable table) {
        if (!isNumbered(connection, table.name())) {
            rebuild(connection, table);
        }
        if (last(connection, table) < WritableTable.LOCAL_IDS_FROM) {
            beginAnew(connection, table);
        }
    }

    /** The next new row gets its id from another block. */
    static void beginAnew(Connection connection, AppTable table) {
        if (isNumbered(connection, table.name())) {
            // SQLite goes on after the largest id in the table, whatever we say: so a block must lie beyond it.
            long largest =
                    Sqlite.number(connection, "SELECT max(" + table.key() + ") FROM " + TableId.quote(table.name()));
            goOn(connection, table, begin(largest, UUID.randomUUID().getMostSignificantBits() >>> 1));
        }
    }

    /** @param lot not negative */
    static long begin(long largest, long lot) {
        if (largest < WritableTable.LOCAL_IDS_FROM) {
            return WritableTable.LOCAL_IDS_FROM + lot % (BLOCKS / 2) * BLOCK;
        }
        long used = (largest - WritableTable.LOCAL_IDS_FROM) / BLOCK;
        long free = BLOCKS - 1 - used;
        return free <= 0 ? largest : WritableTable.LOCAL_IDS_FROM + (used + 1 + lot % Math.min(free, STEP_MAX)) * BLOCK;
    }

    /** The last id given out; 0 if none was. */
    static long last(Connection connection, AppTable table) {
        return isNumbered(connection, table.name())
                ? Sqlite.number(
                        connection, "SELECT seq FROM sqlite_sequence WHERE name = " + TableStore.text(table.name()))
                : 0;
    }

    /** Goes on where the table before it stood. */
    static void goOn(Connection connection, AppTable table, long last) {
        if (last >= WritableTable.LOCAL_IDS_FROM && isNumbered(connection, table.name())) {
            String name = TableStore.text(table.name());
            Sqlite.execute(
                    connection,
                    "DELETE FROM sqlite_sequence WHERE name = " + name,
                    "INSERT INTO sqlite_sequence VALUES (" + name + ", " + last + ")");
        }
    }

    private static boolean isNumbered(Connection connection, String table) {
        return Sqlite.number(
                        connection,
                        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = " + TableStore.text(table)
                                + " AND sql LIKE '% PRIMARY KEY AUTOINCREMENT%'")
                == 1;
    }

    private static void rebuild(Connection connection, AppTable table) {
        String quoted = TableId.quote(table.name());
        String interim = "_warung_rebuilt_" + table.number();
        Sqlite.execute(
                connection,
                definition(table.layout().createTable(interim)),
                "INSERT INTO " + interim + " SELECT * FROM " + quoted);
        List<String> extras = table.extras(connection);
        Sqlite.execute(connection, "DROP TABLE " + quoted, "ALTER TABLE " + interim + " RENAME TO " + quoted);
        table.makeAgain(connection, extras);
    }
}
