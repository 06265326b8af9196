package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.UploadCodec;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's newest of the rows that look different here, in {@code _warung_base}; ids that the server has given, in {@code _warung_ids};
 * and which rows mention local ids, in {@code _warung_links}. Used only by the outlet thread.
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
          tbl TEXT NOT NULL, local_id INTEGER NOT NULL, server_id INTEGER NOT NULL, PRIMARY KEY (tbl, local_id)) STRICT, WITHOUT ROWID""",
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
                        "SELECT server_id FROM _warung_ids WHERE tbl = ? AND local_id = ?",
                        row -> row.getLong(1),
                        table.toString(),
                        localId)
                .orElse(null);
    }

    void putId(TableId table, long localId, long serverId) {
        statements.update("INSERT OR REPLACE INTO _warung_ids VALUES (?, ?, ?)", table.toString(), localId, serverId);
    }

    void link(TableId parent, long localId, Link child) {
        statements.update(
                "INSERT OR IGNORE INTO _warung_links VALUES (?, ?, ?, ?)",
                parent.toString(),
                localId,
                child.table().toString(),
                child.rowKey());
    }

    /** Rows that mention a local id; they are forgotten. */
    List<Link> takeLinks(TableId parent, long localId) {
        List<Link> links = statements.list(
                "SELECT tbl, row_key FROM _warung_links WHERE parent = ? AND local_id = ?",
                row -> new Link(TableId.parse(row.getString(1)), row.getString(2)),
                parent.toString(),
                localId);
        statements.update("DELETE FROM _warung_links WHERE parent = ? AND local_id = ?", parent.toString(), localId);
        return links;
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
