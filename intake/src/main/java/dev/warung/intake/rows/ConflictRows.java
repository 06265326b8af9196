package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Sender;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadOp.Kind;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.core.upload.apply.Verdict;
import dev.warung.core.upload.apply.Verdict.Effect;
import dev.warung.core.upload.apply.WriteDecision;
import dev.warung.core.wire.UploadCodec;
import dev.warung.core.wire.WriteDefinitionCodec;
import dev.warung.intake.rows.ConflictDesk.Choice;
import dev.warung.intake.rows.ConflictDesk.Entry;
import dev.warung.intake.rows.ConflictDesk.Filter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code warung.conflicts}, and what becomes of the application's row when somebody has decided. In the transaction of the
 * connection, which somebody else ends.
 */
final class ConflictRows {

    private static final long ROW_BYTES_MAX = 64L << 20;
    private static final String COLUMNS =
            "id, op, outlet_id, outlet_code, table_name, row_key::text, base::text, client::text, server::text,"
                    + " policy, state, resolution, resolved_by, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),"
                    + " result::text";

    private final Connection connection;

    ConflictRows(Connection connection) {
        this.connection = connection;
    }

    /** The newest first. */
    List<Entry> list(Filter filter) throws SQLException {
        return read(
                "where (state = ? or ?) and (outlet_code = ? or ?) and (table_name = ? or ?)"
                        + " order by created_at desc, id limit " + filter.limit() + " offset " + filter.offset(),
                statement -> {
                    statement.setString(1, filter.state().orElse(""));
                    statement.setBoolean(2, filter.state().isEmpty());
                    statement.setString(3, filter.code().orElse(""));
                    statement.setBoolean(4, filter.code().isEmpty());
                    statement.setString(5, filter.table().map(TableId::toString).orElse(""));
                    statement.setBoolean(6, filter.table().isEmpty());
                });
    }

    Optional<Entry> find(UUID id) throws SQLException {
        return one(id, "");
    }

    /**
     * The conflict as it is now, and stays until the transaction ends.
     *
     * @throws RefusedException if it is not open
     */
    Entry open(UUID id) throws SQLException {
        Entry entry = one(id, " for update")
                .orElseThrow(() -> new RefusedException(Refusal.of("unknown", "There is no conflict " + id + ".")));
        if (!entry.isOpen()) {
            throw new RefusedException(Refusal.of(
                    "resolved",
                    "Conflict " + id + " was resolved already, by "
                            + entry.resolvedBy().orElse("somebody") + "."));
        }
        return entry;
    }

    /** @param entry of {@link #open} */
    Entry resolve(Entry entry, Choice choice, String by) throws SQLException {
        Optional<RowImage> result = perform(entry, choice);
        try (PreparedStatement statement = connection.prepareStatement(
                "update warung.conflicts set state = 'resolved', resolution = ?, result = ?::jsonb, resolved_by = ?,"
                        + " resolved_at = pg_catalog.clock_timestamp() where id = ?")) {
            statement.setString(1, name(choice));
            statement.setString(2, result.map(UploadCodec::json).orElse(null));
            statement.setString(3, by);
            statement.setObject(4, entry.id());
            statement.executeUpdate();
        }
        settle(entry, choice);
        return one(entry.id(), "").orElse(entry);
    }

    /** The op that met the conflict is open no more. */
    private void settle(Entry entry, Choice choice) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update warung.ledger set status = ? where op = ? and status = 'conflict'")) {
            statement.setString(
                    1,
                    choice instanceof Choice.Server
                            ? "superseded"
                            : choice instanceof Choice.Client ? "applied" : "merged");
            statement.setObject(2, entry.op());
            statement.executeUpdate();
        }
    }

    private static String name(Choice choice) {
        return choice instanceof Choice.Server
                ? "server_wins"
                : choice instanceof Choice.Client ? "client_wins" : "merged";
    }

    /** The row as it stands afterwards; empty if there is none. */
    private Optional<RowImage> perform(Entry entry, Choice choice) throws SQLException {
        WriteDefinition definition = definition(entry.table());
        Upload none = Upload.whole(
                entry.id(), new Sender(entry.outlet(), entry.code(), 0, 0, Optional.empty()), 0, List.of());
        try (Ledger ledger = new Ledger(connection, none)) {
            OutletRights rights = new OutletRights(
                    entry.outlet(),
                    Map.of(entry.table(), new OutletRights.Right(definition, Set.of(), List.of("true"))),
                    Optional.empty());
            long nowUs = IntakeSession.nowUs(connection);
            PostgresStore store = new PostgresStore(
                    connection,
                    new WrittenTables(connection),
                    rights,
                    ledger,
                    new PostgresStore.Context(nowUs, ROW_BYTES_MAX, false));
            Optional<RowImage> current = store.lock(entry.table(), entry.key());
            Verdict verdict = verdict(entry, choice, definition, current);
            switch (verdict.effect()) {
                case NONE -> {}
                case INSERT -> store.insert(entry.table(), verdict.row(), nowUs);
                case UPDATE -> store.update(entry.table(), entry.key(), verdict.row(), nowUs);
                case DELETE -> store.delete(entry.table(), entry.key());
            }
            store.requireConstraints();
            store.requireRules(entry.table(), entry.key());
            return store.lock(entry.table(), entry.key());
        }
    }

    private static Verdict verdict(Entry entry, Choice choice, WriteDefinition definition, Optional<RowImage> current) {
        if (choice instanceof Choice.Merged merged) {
            RowImage columns = merged.columns();
            return current.isPresent()
                    ? new Verdict(Effect.UPDATE, columns, OpStatus.MERGED, Optional.empty())
                    : new Verdict(
                            Effect.INSERT,
                            over(entry.client().or(entry::base).orElse(entry.key()), columns),
                            OpStatus.MERGED,
                            Optional.empty());
        }
        if (choice instanceof Choice.Server) {
            return new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.SUPERSEDED, Optional.empty());
        }
        Kind kind = entry.base().isEmpty() ? Kind.INSERT : entry.client().isEmpty() ? Kind.DELETE : Kind.UPDATE;
        WritePolicy policy = definition.policy();
        WritePolicy forClient = new WritePolicy(
                WritePolicy.Conflict.CLIENT_WINS,
                kind == Kind.DELETE ? WritePolicy.Delete.DELETE_WINS : WritePolicy.Delete.UPDATE_WINS,
                policy.wholeRow(),
                policy.updatedAt(),
                policy.rules());
        UploadOp op = new UploadOp(entry.op(), entry.table(), kind, entry.key(), entry.base(), entry.client());
        return new WriteDecision(new WriteDefinition(definition.table(), forClient), () -> true).of(op, current);
    }

    private static RowImage over(RowImage row, RowImage columns) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(row.values());
        values.putAll(columns.values());
        return new RowImage(values);
    }

    private WriteDefinition definition(TableId table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select definition::text from warung.writes where table_name = ?")) {
            statement.setString(1, table.toString());
            try (ResultSet result = statement.executeQuery()) {
                return WriteDefinitionCodec.decode(table, result.next() ? result.getString(1) : "{}");
            }
        }
    }

    @FunctionalInterface
    private interface Binding {
        void to(PreparedStatement statement) throws SQLException;
    }

    private Optional<Entry> one(UUID id, String lock) throws SQLException {
        return read("where id = ?" + lock, statement -> statement.setObject(1, id)).stream()
                .findFirst();
    }

    private List<Entry> read(String where, Binding binding) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select " + COLUMNS + " from warung.conflicts " + where)) {
            binding.to(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
        }
        return entries;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getString(4),
                TableId.parse(row.getString(5)),
                UploadCodec.row(row.getString(6)),
                image(row.getString(7)),
                image(row.getString(8)),
                image(row.getString(9)),
                row.getString(10),
                row.getString(11),
                Optional.ofNullable(row.getString(12)),
                Optional.ofNullable(row.getString(13)),
                row.getString(14),
                image(row.getString(15)));
    }

    private static Optional<RowImage> image(@Nullable String json) {
        return Optional.ofNullable(json).map(UploadCodec::row);
    }
}
