package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.UploadCodec;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The server's newest of the rows that look different here, in {@code _warung_base}; local ids, which ops made rows with them and which
 * ids the server has given for them, in {@code _warung_ids}; and which rows mention local ids, in {@code _warung_links}. Used only by the outlet thread.
 */
final class BaseStore {

    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS _warung_base (
          tbl TEXT NOT NULL, row_key TEXT NOT NULL, base TEXT, waits INTEGER NOT NULL, since INTEGER NOT NULL,
          PRIMARY KEY (tbl, row_key)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX IF NOT EXISTS _warung_base_waits ON _warung_base (waits) WHERE waits > 0",
        """
        CREATE TABLE IF NOT EXISTS _warung_ids (
          tbl TEXT NOT NULL, local_id INTEGER NOT NULL, op TEXT NOT NULL, server_id INTEGER,
          PRIMARY KEY (tbl, local_id)) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE IF NOT EXISTS _warung_links (
          parent TEXT NOT NULL, local_id INTEGER NOT NULL, tbl TEXT NOT NULL, row_key TEXT NOT NULL,
          PRIMARY KEY (parent, local_id, tbl, row_key)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX IF NOT EXISTS _warung_links_row ON _warung_links (tbl, row_key)"
    };

    private final Statements statements;

    /**
     * What the server has.
     *
     * @param row empty if it has none
     * @param waits the question to Kafka after whose answer the row may be shown; 0 if it is shown
     * @param since the first such question
     */
    record Base(Optional<RowImage> row, long waits, long since) {}

    /** A row that mentions a local id. */
    record Link(TableId table, String rowKey) {}

    BaseStore(Connection connection, Statements statements) {
        this.statements = statements;
        Sqlite.execute(connection, TABLES);
    }

    Optional<Base> find(TableId table, String rowKey) {
        return statements.first(
                "SELECT base, waits, since FROM _warung_base WHERE tbl = ? AND row_key = ?",
                row -> new Base(image(row.getString(1)), row.getLong(2), row.getLong(3)),
                table.toString(),
                rowKey);
    }

    void put(TableId table, String rowKey, Base base) {
        statements.update(
                "INSERT OR REPLACE INTO _warung_base VALUES (?, ?, ?, ?, ?)",
                table.toString(),
                rowKey,
                base.row().map(UploadCodec::json).orElse(null),
                base.waits(),
                base.since());
    }

    void remove(TableId table, String rowKey) {
        statements.update("DELETE FROM _warung_base WHERE tbl = ? AND row_key = ?", table.toString(), rowKey);
    }

    void removeAll(TableId table) {
        statements.update("DELETE FROM _warung_base WHERE tbl = ?", table.toString());
    }

    List<String> keys(TableId table) {
        return statements.list(
                "SELECT row_key FROM _warung_base WHERE tbl = ?", row -> row.getString(1), table.toString());
    }

    List<TableId> tables() {
        return statements.list("SELECT DISTINCT tbl FROM _warung_base", row -> TableId.parse(row.getString(1)));
    }

    boolean isEmpty(TableId table) {
        return !statements.exists("SELECT 1 FROM _warung_base WHERE tbl = ?", table.toString());
    }

    /** Rows that may be shown when this question has been answered. */
    List<Link> waiting(long asked) {
        return statements.list(
                "SELECT tbl, row_key FROM _warung_base WHERE waits > 0 AND (waits <= ? OR since <= ?)",
                row -> new Link(TableId.parse(row.getString(1)), row.getString(2)),
                asked,
                asked - LocalWrites.ASKS_MAX);
    }

    /** Questions are counted anew. */
    void startAsking() {
        statements.update("UPDATE _warung_base SET waits = 1, since = 1 WHERE waits > 0");
    }

    boolean isAnyWaiting() {
        return statements.exists("SELECT 1 FROM _warung_base WHERE waits > 0");
    }

    @Nullable
    Long serverId(TableId table, long localId) {
        return statements
                .first(
                        "SELECT server_id FROM _warung_ids WHERE tbl = ? AND local_id = ? AND server_id IS NOT NULL",
                        row -> row.getLong(1),
                        table.toString(),
                        localId)
                .orElse(null);
    }

    /** The op that made the row with a local id here. */
    Optional<UUID> maker(TableId table, long localId) {
        return statements.first(
                "SELECT op FROM _warung_ids WHERE tbl = ? AND local_id = ?",
                row -> UUID.fromString(row.getString(1)),
                table.toString(),
                localId);
    }

    void putMaker(TableId table, long localId, UUID op) {
        statements.update(
                "INSERT INTO _warung_ids VALUES (?, ?, ?, NULL)"
                        + " ON CONFLICT DO UPDATE SET op = excluded.op WHERE server_id IS NULL",
                table.toString(),
                localId,
                op.toString());
    }

    void putId(TableId table, long localId, long serverId) {
        statements.update(
                "UPDATE _warung_ids SET server_id = ? WHERE tbl = ? AND local_id = ?",
                serverId,
                table.toString(),
                localId);
    }

    /** A local id that was forgotten is mentioned again: what the server gave for it stands in the server's own table. */
    void recall(String idMap, TableId table, long localId) {
        statements.update(
                "INSERT OR IGNORE INTO _warung_ids SELECT table_name, local_id, op, server_id FROM "
                        + TableId.quote(idMap)
                        + " WHERE outlet_code = (SELECT code FROM _warung_outlet) AND table_name = ? AND local_id = ?",
                table.toString(),
                localId);
    }

    /** Forgets what no open op mentions and the server's own table has. */
    void prune(String idMap) {
        statements.update("DELETE FROM _warung_links AS l WHERE NOT EXISTS (SELECT 1 FROM _warung_ops AS o"
                + " WHERE o.open = 1 AND o.tbl = l.tbl AND o.row_key = l.row_key)");
        statements.update("DELETE FROM _warung_ids AS i WHERE server_id IS NOT NULL"
                + " AND NOT EXISTS (SELECT 1 FROM _warung_links AS l WHERE l.parent = i.tbl AND l.local_id = i.local_id)"
                + " AND EXISTS (SELECT 1 FROM " + TableId.quote(idMap) + " AS m"
                + " WHERE m.outlet_code = (SELECT code FROM _warung_outlet) AND m.table_name = i.tbl"
                + " AND m.local_id = i.local_id AND m.op = i.op)");
    }

    void link(TableId parent, long localId, Link child) {
        statements.update(
                "INSERT OR IGNORE INTO _warung_links VALUES (?, ?, ?, ?)",
                parent.toString(),
                localId,
                child.table().toString(),
                child.rowKey());
    }

    /** Rows that mention a local id. */
    List<Link> links(TableId parent, long localId) {
        return statements.list(
                "SELECT tbl, row_key FROM _warung_links WHERE parent = ? AND local_id = ?",
                row -> new Link(TableId.parse(row.getString(1)), row.getString(2)),
                parent.toString(),
                localId);
    }

    /** A row has another key: what it mentions is remembered under that. */
    void renameLinks(TableId table, String rowKey, String newKey) {
        statements.update(
                "UPDATE OR REPLACE _warung_links SET row_key = ? WHERE tbl = ? AND row_key = ?",
                newKey,
                table.toString(),
                rowKey);
    }

    private static Optional<RowImage> image(@Nullable String json) {
        return Optional.ofNullable(json).map(UploadCodec::row);
    }
}
