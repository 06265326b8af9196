package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that several feeds hold. A row stays while one of them holds it, and its content is the newest that any of them
 * has told (last write wins by change id): feeds may be at different places.
 *
 * <p>A row of the table of holders says: this feed holds it, and the content is at least as new as this change id.
 *
 * <p>Used only by the outlet thread; feeds take turns, each flushes before the next.
 */
final class SharedRows implements RowWriter {

    private static final int BATCH_ROWS = 1_000;

    private final Connection connection;
    private final AppTable table;
    private final long feed;
    private final Batch content;
    private final Batch member;
    private final Batch fold;
    private final Batch leave;
    private final Batch orphan;
    private boolean isLeaving;

    SharedRows(Connection connection, AppTable table, int feed) {
        this.connection = connection;
        this.table = table;
        this.feed = feed;
        String holders = table.holders();
        String name = TableId.quote(table.name());
        String what = "Table " + table.name();
        this.content = new Batch(connection, what, contentSql());
        this.member = new Batch(
                connection,
                what,
                "INSERT INTO " + holders + " VALUES ("
                        + "?, ".repeat(table.layout().key().size())
                        + "?, ?) ON CONFLICT DO UPDATE SET " + AppTable.ID + " = max(" + AppTable.ID + ", excluded."
                        + AppTable.ID + ")");
        this.fold = new Batch(
                connection,
                what,
                "UPDATE " + holders + " AS h SET " + AppTable.ID + " = max(h." + AppTable.ID + ", coalesce((SELECT x."
                        + AppTable.ID + " FROM " + holders + " AS x WHERE " + table.keyIs("x") + " AND x."
                        + AppTable.FEED + " = ?), x'')) WHERE " + table.keyIs("h"));
        this.leave = new Batch(
                connection,
                what,
                "DELETE FROM " + holders + " AS h WHERE " + table.keyIs("h") + " AND h." + AppTable.FEED + " = ?");
        this.orphan = new Batch(
                connection,
                what,
                "DELETE FROM " + name + " AS t WHERE " + table.keyIs("t") + " AND NOT EXISTS (SELECT 1 FROM " + holders
                        + " AS h WHERE " + table.sameKey("h", "t") + ")");
    }

    /** The upsert, unless another feed has told something newer. */
    private String contentSql() {
        String values = "?, ".repeat(table.layout().columns().size() - 1) + "?";
        return table.layout()
                .upsert(
                        table.name(),
                        "SELECT " + values + " WHERE NOT EXISTS (SELECT 1 FROM " + table.holders() + " AS h WHERE "
                                + table.keyIs("h") + " AND h." + AppTable.ID + " > ?)");
    }

    @Override
    public void hold(@Nullable Object[] values, ChangeId id) {
        turn(false);
        Object[] key = keyOf(values);
        byte[] idBytes = id.toBytes();
        content.bind(values).bind(key).bind((Object) idBytes).add();
        if (member.bind(key).bind(feed, idBytes).add() >= BATCH_ROWS) {
            flush();
        }
    }

    @Override
    public void leave(Object[] key, ChangeId id) {
        turn(true);
        // What this feed told before may be the newest content there is: the holders that stay must know how new it is.
        fold.bind(key).bind(feed).bind(key).add();
        leave.bind(key).bind(feed).add();
        if (orphan.bind(key).add() >= BATCH_ROWS) {
            flush();
        }
    }

    @Override
    public void leaveAll() {
        flush();
        leaveAll(connection, table, feed);
    }

    /** A feed leaves: rows that nobody else holds go. */
    static void leaveAll(Connection connection, AppTable table, long feed) {
        String holders = table.holders();
        String others = AppTable.FEED + " <> " + feed;
        String mine = "SELECT x." + AppTable.ID + " FROM " + holders + " AS x WHERE " + table.sameKey("x", "h")
                + " AND x." + AppTable.FEED + " = " + feed;
        Sqlite.execute(
                connection,
                "UPDATE " + holders + " AS h SET " + AppTable.ID + " = max(h." + AppTable.ID + ", coalesce((" + mine
                        + "), x'')) WHERE h." + others,
                "DELETE FROM " + holders + " WHERE " + AppTable.FEED + " = " + feed,
                "DELETE FROM " + TableId.quote(table.name()) + " AS t WHERE NOT EXISTS (SELECT 1 FROM " + holders
                        + " AS h WHERE " + table.sameKey("h", "t") + ")");
    }

    @Override
    public void flush() {
        if (isLeaving) {
            fold.execute();
            leave.execute();
            orphan.execute();
        } else {
            content.execute();
            member.execute();
        }
    }

    @Override
    public void close() {
        flush();
        List.of(content, member, fold, leave, orphan).forEach(Batch::close);
    }

    private void turn(boolean leaving) {
        if (leaving != isLeaving) {
            flush();
            isLeaving = leaving;
        }
    }

    private Object[] keyOf(@Nullable Object[] values) {
        return table.layout().key().stream().map(position -> values[position]).toArray();
    }
}
