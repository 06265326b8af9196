package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PostgresUrl;
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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Conflicts for people: lists them, and does what somebody decided. A decision is an ordinary transaction, so it travels to every outlet as
 * any other change does.
 *
 * <p>Thread: one.
 */
public final class ConflictDesk implements AutoCloseable {

    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);
    private static final long ROW_BYTES_MAX = 64L << 20;
    private static final String COLUMNS =
            "id, op, outlet_id, outlet_code, table_name, row_key::text, base::text, client::text, server::text,"
                    + " policy, state, resolution, resolved_by, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),"
                    + " result::text";

    private final Connection connection;

    private ConflictDesk(Connection connection) {
        this.connection = connection;
    }

    /** @throws PassingException if PostgreSQL does not answer */
    public static ConflictDesk open(PostgresUrl url) {
        try {
            return new ConflictDesk(IntakeSession.open(url, LOCK_WAIT));
        } catch (SQLException e) {
            throw new PassingException(e);
        }
    }

    /**
     * A row of {@code warung.conflicts}.
     *
     * @param base the row as the outlet saw it; empty if it made the row
     * @param client as it wants it; empty if it deleted the row
     * @param server as it was; empty if it was deleted
     * @param resolution who won; empty while it is open
     */
    public record Entry(
            UUID id,
            UUID op,
            UUID outlet,
            String code,
            TableId table,
            RowImage key,
            Optional<RowImage> base,
            Optional<RowImage> client,
            Optional<RowImage> server,
            String policy,
            String state,
            Optional<String> resolution,
            Optional<String> resolvedBy,
            String createdAt,
            Optional<RowImage> result) {

        public boolean isOpen() {
            return state.equals("open");
        }
    }

    /** What somebody decided. */
    public sealed interface Choice {
        /** The row stays as it is. */
        record Server() implements Choice {}

        /** The row becomes what the outlet made of it. */
        record Client() implements Choice {}

        /** These columns get these values, whatever the two sides say. */
        record Merged(RowImage columns) implements Choice {}
    }

    /** Which conflicts to list; empty for those of all outlets. */
    public record Filter(Optional<String> code, boolean isWithResolved, int limit) {}

    /** The newest first. */
    public List<Entry> list(Filter filter) {
        return transaction(() -> read(
                "where (? or state = 'open') and (outlet_code = ? or ?) order by created_at desc, id limit "
                        + filter.limit(),
                statement -> {
                    statement.setBoolean(1, filter.isWithResolved());
                    statement.setString(2, filter.code().orElse(""));
                    statement.setBoolean(3, filter.code().isEmpty());
                }));
    }

    public Optional<Entry> find(UUID id) {
        return transaction(() -> one(id, ""));
    }

    /**
     * Does what somebody decided.
     *
     * @param by who decided
     * @throws RefusedException if there is no such open conflict, or PostgreSQL refuses the row
     */
    public Entry resolve(UUID id, Choice choice, String by) {
        return transaction(() -> {
            Entry entry = one(id, " for update")
                    .orElseThrow(() -> new RefusedException(Refusal.of("unknown", "There is no conflict " + id + ".")));
            if (!entry.isOpen()) {
                throw new RefusedException(Refusal.of(
                        "resolved",
                        "Conflict " + id + " was resolved already, by "
                                + entry.resolvedBy().orElse("somebody") + "."));
            }
            Optional<RowImage> result = perform(entry, choice);
            try (PreparedStatement statement = connection.prepareStatement(
                    "update warung.conflicts set state = 'resolved', resolution = ?, result = ?::jsonb, resolved_by = ?,"
                            + " resolved_at = pg_catalog.clock_timestamp() where id = ?")) {
                statement.setString(1, name(choice));
                statement.setString(2, result.map(UploadCodec::json).orElse(null));
                statement.setString(3, by);
                statement.setObject(4, id);
                statement.executeUpdate();
            }
            return one(id, "").orElse(entry);
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new PassingException(e);
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

    @FunctionalInterface
    private interface Work<T> {
        T get() throws SQLException;
    }

    private <T> T transaction(Work<T> work) {
        try {
            T result = work.get();
            connection.commit();
            return result;
        } catch (SQLException e) {
            rollback();
            throw new PassingException(e);
        } catch (RuntimeException e) {
            rollback();
            throw e;
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new PassingException(e);
        }
    }
}
