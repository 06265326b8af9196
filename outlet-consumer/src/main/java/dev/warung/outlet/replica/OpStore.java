package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.write.LocalIds;
import dev.warung.outlet.write.LocalOps.LocalOp;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the application has written, in {@code _warung_ops}, and how that is shown in {@code _warung_writes}. An op never changes; only what
 * has become of it does. Used only by the outlet thread.
 *
 * <pre>
 * pending → uploaded → synced | conflict | failed
 *    ↑_________|  when it is not sure that Kafka has it
 * </pre>
 */
final class OpStore {

    /** The server's word for a local id that another file has given to another row. */
    static final String LOCAL_ID_USED = "local_id_used";

    /** What an op takes beside its rows, about. */
    private static final int OP_BYTES = 300;

    /** {@code open} until it is settled; {@code fresh} if it makes a row whose key the server will change. */
    private static final String[] OPS = {
        """
        CREATE TABLE IF NOT EXISTS _warung_ops (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL UNIQUE, grp INTEGER NOT NULL, tbl TEXT NOT NULL, row_key TEXT NOT NULL,
          kind TEXT NOT NULL, key TEXT NOT NULL, before TEXT, after TEXT, at_ms INTEGER NOT NULL, state TEXT NOT NULL,
          open INTEGER NOT NULL, fresh INTEGER NOT NULL, upload TEXT, sent_at_ms INTEGER, settled_at_ms INTEGER, result TEXT,
          reason_code TEXT, reason TEXT) STRICT""",
        "CREATE INDEX IF NOT EXISTS _warung_ops_open ON _warung_ops (tbl, row_key) WHERE open = 1",
        "CREATE INDEX IF NOT EXISTS _warung_ops_state ON _warung_ops (state, seq)",
        """
        CREATE VIEW IF NOT EXISTS _warung_writes AS
          SELECT seq, op AS id, tbl AS table_name, key AS row_key, kind, state AS status, result, reason_code, reason,
                 strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1e3, 'unixepoch') AS written_at,
                 strftime('%Y-%m-%dT%H:%M:%fZ', sent_at_ms / 1e3, 'unixepoch') AS sent_at,
                 strftime('%Y-%m-%dT%H:%M:%fZ', settled_at_ms / 1e3, 'unixepoch') AS settled_at,
                 before AS row_before, after AS row_after
          FROM _warung_ops ORDER BY seq"""
    };

    private static final String COLUMNS =
            "seq, op, grp, tbl, row_key, kind, key, before, after, at_ms, sent_at_ms IS NOT NULL, fresh";

    private final Statements statements;

    /**
     * An op as it is kept.
     *
     * @param seq in the order of the writes
     * @param group the local transaction
     * @param rowKey the row's key now: the server may have given it another id since
     * @param wasSent whether the server may know of it
     * @param fresh whether it makes a row whose key the server will change
     */
    record StoredOp(long seq, long group, UploadOp op, String rowKey, long atMs, boolean wasSent, boolean fresh) {}

    OpStore(Connection connection, Statements statements) {
        this.statements = statements;
        Sqlite.execute(connection, OPS);
    }

    long nextGroup() {
        return number("SELECT grp FROM _warung_ops ORDER BY seq DESC LIMIT 1") + 1;
    }

    /** @param ids which columns hold ids that the server gives out */
    void add(long group, Collection<LocalOp> ops, LocalIds ids) {
        for (LocalOp local : ops) {
            UploadOp op = local.op();
            boolean isFresh = op.kind() == UploadOp.Kind.INSERT
                    && ids.of(op.table()).keySet().stream()
                            .anyMatch(column -> WritableTable.isLocalId(op.key().get(column)));
            statements.update(
                    "INSERT INTO _warung_ops (op, grp, tbl, row_key, kind, key, before, after, at_ms, state, open, fresh)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 1, ?)",
                    op.id().toString(),
                    group,
                    op.table().toString(),
                    local.rowKey(),
                    op.kind().name().toLowerCase(Locale.ROOT),
                    UploadCodec.json(op.key()),
                    op.before().map(UploadCodec::json).orElse(null),
                    op.after().map(UploadCodec::json).orElse(null),
                    local.atMs(),
                    isFresh ? 1L : 0L);
        }
    }

    /** Ops of a row that are not settled, in order. */
    List<StoredOp> openOf(TableId table, String rowKey) {
        return statements.list(
                "SELECT " + COLUMNS + " FROM _warung_ops WHERE open = 1 AND tbl = ? AND row_key = ? ORDER BY seq",
                OpStore::read,
                table.toString(),
                rowKey);
    }

    boolean hasOpen(TableId table, String rowKey) {
        return statements.exists(
                "SELECT 1 FROM _warung_ops WHERE open = 1 AND tbl = ? AND row_key = ?", table.toString(), rowKey);
    }

    boolean hasOpen(TableId table) {
        return statements.exists("SELECT 1 FROM _warung_ops WHERE open = 1 AND tbl = ?", table.toString());
    }

    List<String> openKeys(TableId table) {
        return statements.list(
                "SELECT DISTINCT row_key FROM _warung_ops WHERE open = 1 AND tbl = ?",
                row -> row.getString(1),
                table.toString());
    }

    /** Tables with ops that are not settled. */
    List<TableId> openTables() {
        return statements.list(
                "SELECT DISTINCT tbl FROM _warung_ops WHERE open = 1", row -> TableId.parse(row.getString(1)));
    }

    /** Whether the server may have given an id to a row of this table that the outlet does not know of yet. */
    boolean awaitsIds(TableId table) {
        return statements.exists(
                "SELECT 1 FROM _warung_ops WHERE open = 1 AND tbl = ? AND fresh = 1 AND sent_at_ms IS NOT NULL",
                table.toString());
    }

    boolean isAnyOpen() {
        return statements.exists("SELECT 1 FROM _warung_ops WHERE open = 1");
    }

    boolean hasPending() {
        return statements.exists("SELECT 1 FROM _warung_ops WHERE state = 'pending'");
    }

    /** The first ops to be sent: whole groups up to a size, at least one. */
    List<StoredOp> pending(long bytesMax, int opsMax) {
        List<StoredOp> taken = new ArrayList<>();
        List<StoredOp> group = new ArrayList<>();
        long[] bytes = {0};
        statements.until("SELECT " + COLUMNS + " FROM _warung_ops WHERE state = 'pending' ORDER BY seq", row -> {
            StoredOp op = read(row);
            if (!group.isEmpty() && group.get(0).group() != op.group()) {
                taken.addAll(group);
                group.clear();
            }
            group.add(op);
            bytes[0] += OP_BYTES + length(row.getString(8)) + length(row.getString(9));
            return bytes[0] <= bytesMax && taken.size() + group.size() <= opsMax || taken.isEmpty();
        });
        if (bytes[0] <= bytesMax && taken.size() + group.size() <= opsMax || taken.isEmpty()) {
            taken.addAll(group);
        }
        return taken;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    void uploaded(Collection<StoredOp> ops, UUID upload, long nowMs) {
        ops.forEach(op -> statements.update(
                "UPDATE _warung_ops SET state = 'uploaded', upload = ?, sent_at_ms = ? WHERE seq = ? AND open = 1",
                upload.toString(),
                nowMs,
                op.seq()));
    }

    /** Ops that were sent before this time have to be sent again: the server knows those that it has. */
    int sendAgain(long sentUntilMs) {
        return statements.update(
                "UPDATE _warung_ops SET state = 'pending' WHERE state = 'uploaded' AND sent_at_ms <= ?", sentUntilMs);
    }

    int sendAgain(UUID upload) {
        return statements.update(
                "UPDATE _warung_ops SET state = 'pending' WHERE state = 'uploaded' AND upload = ?", upload.toString());
    }

    Optional<StoredOp> find(UUID op) {
        return statements.first(
                "SELECT " + COLUMNS + " FROM _warung_ops WHERE op = ? AND open = 1", OpStore::read, op.toString());
    }

    Optional<StoredOp> find(UUID op, String state) {
        return statements.first(
                "SELECT " + COLUMNS + " FROM _warung_ops WHERE op = ? AND state = ?",
                OpStore::read,
                op.toString(),
                state);
    }

    /** Ops that were refused because a local id was used already, and what was refused with them. */
    List<StoredOp> refusedForIds() {
        return statements.list(
                "SELECT " + COLUMNS
                        + " FROM _warung_ops WHERE state = 'failed' AND (reason_code = ?1 OR reason_code = 'depends'"
                        + " AND grp IN (SELECT grp FROM _warung_ops WHERE state = 'failed' AND reason_code = ?1)) ORDER BY seq",
                OpStore::read,
                LOCAL_ID_USED);
    }

    void settle(StoredOp op, Outbox.Answer result, long nowMs) {
        statements.update(
                "UPDATE _warung_ops SET open = 0, state = ?, result = ?, reason_code = ?, reason = ?, settled_at_ms = ?"
                        + " WHERE seq = ?",
                result.state(),
                result.status(),
                result.reasonCode(),
                result.reason(),
                nowMs,
                op.seq());
    }

    /** The server has changed its mind: a conflict was resolved, say. */
    void revise(UUID op, Outbox.Answer result) {
        statements.update(
                "UPDATE _warung_ops SET state = ?, result = ?, reason_code = ?, reason = ? WHERE op = ?",
                result.state(),
                result.status(),
                result.reasonCode(),
                result.reason(),
                op.toString());
    }

    void rename(TableId table, String rowKey, String newKey) {
        statements.update(
                "UPDATE _warung_ops SET row_key = ? WHERE open = 1 AND tbl = ? AND row_key = ?",
                newKey,
                table.toString(),
                rowKey);
    }

    /** Forgets what was synced, but for the last. */
    void prune(int keep) {
        statements.update(
                "DELETE FROM _warung_ops WHERE state = 'synced' AND seq <= (SELECT seq FROM _warung_ops WHERE state = 'synced'"
                        + " ORDER BY seq DESC LIMIT 1 OFFSET " + keep + ")");
    }

    /** How many ops there are in each state. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        statements.until("SELECT state, count(*) FROM _warung_ops GROUP BY state", row -> {
            counts.put(row.getString(1), row.getLong(2));
            return true;
        });
        return counts;
    }

    private long number(String sql) {
        return statements.first(sql, row -> row.getLong(1)).orElse(0L);
    }

    private static StoredOp read(ResultSet row) throws SQLException {
        return new StoredOp(
                row.getLong(1),
                row.getLong(3),
                new UploadOp(
                        UUID.fromString(row.getString(2)),
                        TableId.parse(row.getString(4)),
                        UploadOp.Kind.valueOf(row.getString(6).toUpperCase(Locale.ROOT)),
                        UploadCodec.row(row.getString(7)),
                        image(row.getString(8)),
                        image(row.getString(9))),
                row.getString(5),
                row.getLong(10),
                row.getInt(11) == 1,
                row.getInt(12) == 1);
    }

    private static Optional<RowImage> image(@Nullable String json) {
        return Optional.ofNullable(json).map(UploadCodec::row);
    }
}
