package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.apply.OpResult;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.Verdict.Dispute;
import dev.warung.core.upload.apply.WriteStore.Conflict;
import dev.warung.core.wire.UploadCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What intake writes about one upload: results, conflicts, ids, the audit log. Thread: that of the connection. */
final class Ledger implements AutoCloseable {

    private static final String RESULT = """
            insert into warung.ledger (op, outlet_id, outlet_code, upload, hash, table_name, row_key, kind, status, reason_code, reason,
                detail, content, device_at, effective_at, clock_suspect)
            values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?::jsonb, ?::timestamptz, ?::timestamptz, ?)
            """;

    private static final String CONFLICT = """
            insert into warung.conflicts (op, outlet_id, outlet_code, table_name, row_key, base, client, server, policy, state,
                resolution, result, resolved_by, resolved_at)
            values (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?, ?::jsonb, ?,
                case when ? then pg_catalog.clock_timestamp() end)
            """;

    private static final String LOG = """
            insert into warung.sync_log (outlet_code, upload, began_at, duration_ms, ops, applied, merged, superseded, conflicts, failed,
                status, message)
            values (?, ?, ?::timestamptz, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String BY_POLICY = "policy";
    /** A text of PostgreSQL cannot hold NUL; this sign stands for it where a refused text is kept. */
    private static final char SIGN_OF_NUL = '\u2400';

    private final Connection connection;
    private final Upload upload;
    private final PreparedStatement results;

    Ledger(Connection connection, Upload upload) throws SQLException {
        this.connection = connection;
        this.upload = upload;
        this.results = connection.prepareStatement(RESULT);
    }

    Map<UUID, byte[]> hashes(Collection<UUID> ops) throws SQLException {
        Map<UUID, byte[]> hashes = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select op, hash from warung.ledger where op = any (?)")) {
            statement.setArray(1, connection.createArrayOf("uuid", ops.toArray()));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    hashes.put(result.getObject(1, UUID.class), result.getBytes(2));
                }
            }
        }
        return hashes;
    }

    /**
     * What became of a local id.
     *
     * @param op that made the row
     */
    record GivenId(long serverId, UUID op) {}

    Optional<GivenId> given(TableId table, long localId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select server_id, op from warung.id_map where outlet_code = ? and table_name = ? and local_id = ?")) {
            statement.setString(1, upload.sender().code());
            statement.setString(2, table.toString());
            statement.setLong(3, localId);
            try (ResultSet result = statement.executeQuery()) {
                return result.next()
                        ? Optional.of(new GivenId(result.getLong(1), result.getObject(2, UUID.class)))
                        : Optional.empty();
            }
        }
    }

    void assign(TableId table, long localId, long serverId, UUID op) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into warung.id_map (outlet_code, table_name, local_id, server_id, op) values (?, ?, ?, ?, ?)")) {
            statement.setString(1, upload.sender().code());
            statement.setString(2, table.toString());
            statement.setLong(3, localId);
            statement.setLong(4, serverId);
            statement.setObject(5, op);
            statement.executeUpdate();
        }
    }

    /** Written with {@link #flush}. */
    void add(OpResult result) throws SQLException {
        UploadOp op = result.op();
        int place = 0;
        results.setObject(++place, op.id());
        results.setObject(++place, upload.sender().outlet());
        results.setString(++place, upload.sender().code());
        results.setObject(++place, upload.id());
        results.setBytes(++place, UploadCodec.hash(op));
        results.setString(++place, clean(op.table().toString()));
        results.setString(++place, json(result.key()));
        results.setString(++place, lower(op.kind()));
        results.setString(++place, lower(result.status()));
        results.setString(++place, result.refusal().map(Refusal::code).orElse(null));
        results.setString(++place, result.refusal().map(r -> clean(r.reason())).orElse(null));
        results.setString(++place, result.refusal().map(r -> clean(r.detail())).orElse(null));
        results.setString(++place, result.status() == OpStatus.APPLIED ? null : content(op));
        results.setString(++place, PostgresStore.timestamp(result.deviceUs()));
        results.setString(++place, PostgresStore.timestamp(result.effective().atUs()));
        results.setBoolean(++place, result.effective().isSuspect());
        results.addBatch();
    }

    void flush() throws SQLException {
        results.executeBatch();
    }

    void add(Conflict conflict) throws SQLException {
        boolean isOpen = conflict.dispute() == Dispute.OPEN;
        try (PreparedStatement statement = connection.prepareStatement(CONFLICT)) {
            int place = 0;
            statement.setObject(++place, conflict.op().id());
            statement.setObject(++place, upload.sender().outlet());
            statement.setString(++place, upload.sender().code());
            statement.setString(++place, conflict.op().table().toString());
            statement.setString(++place, json(conflict.op().key()));
            statement.setString(++place, json(conflict.op().before()));
            statement.setString(++place, json(conflict.op().after()));
            statement.setString(++place, json(conflict.server()));
            statement.setString(++place, conflict.policy().toLowerCase(Locale.ROOT));
            statement.setString(++place, isOpen ? "open" : "resolved");
            statement.setString(++place, isOpen ? null : lower(conflict.dispute()));
            statement.setString(++place, json(conflict.result()));
            statement.setString(++place, isOpen ? null : BY_POLICY);
            statement.setBoolean(++place, !isOpen);
            statement.executeUpdate();
        }
    }

    /** A line of the audit log. */
    void log(Outcome outcome, long beganUs, long durationMs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOG)) {
            int place = 0;
            statement.setString(++place, upload.sender().code());
            statement.setObject(++place, upload.id());
            statement.setString(++place, PostgresStore.timestamp(beganUs));
            statement.setLong(++place, durationMs);
            statement.setInt(++place, outcome.ops());
            statement.setInt(++place, outcome.count(OpStatus.APPLIED));
            statement.setInt(++place, outcome.count(OpStatus.MERGED));
            statement.setInt(++place, outcome.count(OpStatus.SUPERSEDED));
            statement.setInt(++place, outcome.count(OpStatus.CONFLICT));
            statement.setInt(++place, outcome.count(OpStatus.FAILED));
            boolean isWhole = outcome.count(OpStatus.FAILED) == 0
                    && outcome.count(OpStatus.CONFLICT) == 0
                    && outcome.messages().isEmpty();
            statement.setString(++place, outcome.isCopy() ? "copy" : isWhole ? "done" : partly(outcome));
            statement.setString(++place, outcome.messages().isEmpty() ? null : String.join("; ", outcome.messages()));
            statement.executeUpdate();
        }
    }

    private static String partly(Outcome outcome) {
        return outcome.count(OpStatus.APPLIED) + outcome.count(OpStatus.MERGED) > 0 ? "partly" : "refused";
    }

    @Override
    public void close() throws SQLException {
        results.close();
    }

    private static String content(UploadOp op) {
        return "{\"before\":" + op.before().map(Ledger::json).orElse("null") + ",\"after\":"
                + op.after().map(Ledger::json).orElse("null") + "}";
    }

    private static @Nullable String json(Optional<RowImage> row) {
        return row.map(Ledger::json).orElse(null);
    }

    private static String json(RowImage row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        row.values()
                .forEach((column, value) ->
                        values.put(clean(column), value instanceof String text ? clean(text) : value));
        return UploadCodec.json(new RowImage(values));
    }

    static String clean(String text) {
        return text.replace('\0', SIGN_OF_NUL);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
