package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.apply.EffectiveTime;
import dev.warung.core.upload.apply.OpResult;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.core.upload.apply.WriteStore;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * PostgreSQL as one outlet may write it, in one transaction.
 *
 * <p>Thread: that of the connection. One object for each upload.
 */
final class PostgresStore implements WriteStore {

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);
    private static final long MICROS = 1_000_000;
    private static final String CHECK_CONSTRAINTS = "set constraints all immediate; set constraints all deferred";
    private static final String SAVEPOINT = "savepoint connected_set";

    private final Connection connection;
    private final WrittenTables tables;
    private final OutletRights rights;
    private final Ledger ledger;
    private final Context context;
    private final Rows rows;
    private final RowTimes times;
    private final Map<LocalId, Ledger.GivenId> given = new HashMap<>();
    private TableId current = new TableId("", "");
    private boolean hasSavepoint;

    /**
     * @param receivedUs when the broker took the upload
     * @param rowBytesMax a larger row is refused
     */
    record Context(long receivedUs, long rowBytesMax, boolean hasCommitTimes) {}

    PostgresStore(Connection connection, WrittenTables tables, OutletRights rights, Ledger ledger, Context context) {
        this.connection = connection;
        this.tables = tables;
        this.rights = rights;
        this.ledger = ledger;
        this.context = context;
        this.rows = new Rows(connection);
        this.times = new RowTimes(connection, rows);
    }

    private record LocalId(TableId table, long id) {}

    @FunctionalInterface
    private interface Work<T> {
        T get() throws SQLException;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    @Override
    public Map<UUID, byte[]> ledgered(Collection<UUID> ops) {
        return get(() -> ledger.hashes(ops));
    }

    @Override
    public Optional<WriteDefinition> definition(TableId table) {
        return Optional.ofNullable(rights.tables().get(table)).map(OutletRights.Right::definition);
    }

    @Override
    public Set<String> columns(TableId table) {
        Set<String> all = table(table).columns().keySet();
        Set<String> some = right(table).columns();
        return some.isEmpty() ? all : some.stream().filter(all::contains).collect(Collectors.toSet());
    }

    @Override
    public Optional<RowImage> lock(TableId table, RowImage key) {
        WrittenTable written = table(table);
        if (!key.columns().equals(Set.copyOf(written.key()))) {
            throw new RefusedException(Refusal.of(
                    "wrong_key", "The key of " + table.name() + " is " + String.join(", ", written.key()) + "."));
        }
        Set<String> had = columns(table);
        List<String> columns =
                written.columns().keySet().stream().filter(had::contains).toList();
        return get(() -> rows.lock(written, columns, key));
    }

    @Override
    public RowImage canonical(TableId table, RowImage row) {
        return get(() -> rows.canonical(table(table), row));
    }

    @Override
    public long changedAtUs(TableId table, RowImage key) {
        WritePolicy policy = right(table).definition().policy();
        return get(() -> policy.updatedAt().isPresent()
                ? times.declared(table(table), key, policy.updatedAt().get()).orElse(context.receivedUs())
                : times.kept(table(table), key, context.hasCommitTimes()).orElse(context.receivedUs()));
    }

    @Override
    public boolean isHeld(TableId table, RowImage key) {
        List<String> clauses = right(table).clauses();
        return clauses.contains("true") || get(() -> rows.holds(table(table), key, String.join(" or ", clauses)));
    }

    @Override
    public RowImage insert(TableId table, RowImage row, long atUs) {
        requireSize(table, row);
        WrittenTable written = table(table);
        RowImage stored = stored(written, row);
        RowImage stamped =
                updatedAt(table).map(c -> stored.with(c, timestamp(atUs))).orElse(stored);
        RowImage key = get(() -> rows.insert(written, stamped));
        note(written, key, atUs);
        return key;
    }

    @Override
    public void update(TableId table, RowImage key, RowImage columns, long atUs) {
        requireSize(table, columns);
        WrittenTable written = table(table);
        RowImage stored = stored(written, columns);
        RowImage stamped = updatedAt(table)
                .map(column -> {
                    long before =
                            get(() -> times.declared(written, key, column)).orElse(atUs);
                    return stored.with(column, timestamp(Math.max(before, atUs)));
                })
                .orElse(stored);
        if (!stamped.columns().isEmpty()) {
            run(() -> rows.update(written, key, stamped));
        }
        note(written, key, atUs);
    }

    @Override
    public void delete(TableId table, RowImage key) {
        WrittenTable written = table(table);
        run(() -> rows.delete(written, key));
        if (isTimeKept(table)) {
            run(() -> times.forget(written, key));
        }
    }

    @Override
    public void requireRules(TableId table, RowImage key) {
        for (WritePolicy.Rule rule : right(table).definition().policy().rules()) {
            boolean isBroken = get(() -> rows.holds(table(table), key, "not (" + rule.check() + "\n)"));
            if (isBroken) {
                throw new RefusedException(new Refusal(
                        "rule",
                        rule.message().orElse("A row of " + table.name() + " breaks the rule " + rule.name() + "."),
                        rule.name() + ": " + rule.check()));
            }
        }
    }

    @Override
    public void requireConstraints() {
        execute(CHECK_CONSTRAINTS);
    }

    @Override
    public OptionalLong assigned(TableId table, long localId) {
        return given(table, localId).map(id -> OptionalLong.of(id.serverId())).orElse(OptionalLong.empty());
    }

    @Override
    public Optional<UUID> maker(TableId table, long localId) {
        return given(table, localId).map(Ledger.GivenId::op);
    }

    /** Asked for each op that names a local id: what was found is remembered until something is undone. */
    private Optional<Ledger.GivenId> given(TableId table, long localId) {
        LocalId id = new LocalId(table, localId);
        Ledger.GivenId known = given.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Ledger.GivenId> found = get(() -> ledger.given(table, localId));
        found.ifPresent(row -> given.put(id, row));
        return found;
    }

    @Override
    public void assign(TableId table, long localId, long serverId, UUID op) {
        run(() -> ledger.assign(table, localId, serverId, op));
    }

    @Override
    public void decide(Decision decision) {
        run(() -> new OutletDecision(connection, rights, this).perform(decision));
    }

    @Override
    public void begin() {
        if (!hasSavepoint) {
            execute("set constraints all deferred; " + SAVEPOINT);
            hasSavepoint = true;
        }
    }

    /** The next set's savepoint is made with the same round trip. */
    @Override
    public void keep() {
        execute(CHECK_CONSTRAINTS + "; release " + SAVEPOINT + "; " + SAVEPOINT);
    }

    @Override
    public void undo() {
        given.clear();
        execute("rollback to " + SAVEPOINT);
    }

    @Override
    public void record(OpResult result) {
        run(() -> ledger.add(result));
    }

    @Override
    public void record(Conflict conflict) {
        run(() -> ledger.add(conflict));
    }

    /** Text for a timestamp, with or without a time zone, in a session in UTC. */
    static String timestamp(long atUs) {
        return TIMESTAMP.format(Instant.EPOCH.plus(EffectiveTime.bounded(atUs), ChronoUnit.MICROS));
    }

    static long micros(String epochSeconds) {
        return new BigDecimal(epochSeconds).multiply(BigDecimal.valueOf(MICROS)).longValue();
    }

    /** What may be written of a row: PostgreSQL computes the rest. */
    private static RowImage stored(WrittenTable table, RowImage row) {
        return row.only(row.columns().stream()
                .filter(column -> {
                    WrittenTable.Column known = table.columns().get(column);
                    return known == null || !known.isGenerated();
                })
                .toList());
    }

    private void note(WrittenTable table, RowImage key, long atUs) {
        if (isTimeKept(table.id())) {
            run(() -> times.note(table, key, timestamp(atUs)));
        }
    }

    /** Whether somebody will ask when a row was written, and the row does not say so itself. */
    private boolean isTimeKept(TableId table) {
        WritePolicy policy = right(table).definition().policy();
        return policy.conflict() == WritePolicy.Conflict.NEWEST_WINS
                && policy.updatedAt().isEmpty();
    }

    private Optional<String> updatedAt(TableId table) {
        return right(table).definition().policy().updatedAt();
    }

    private void requireSize(TableId table, RowImage row) {
        long bytes = row.values().values().stream()
                .mapToLong(value -> value == null ? 1 : value.toString().length())
                .sum();
        if (bytes > context.rowBytesMax()) {
            throw new RefusedException(new Refusal(
                    "too_large",
                    "A row of " + table.name() + " is too large.",
                    bytes + " characters; " + context.rowBytesMax() + " are allowed"));
        }
    }

    private OutletRights.Right right(TableId table) {
        OutletRights.Right right = rights.tables().get(table);
        if (right == null) {
            throw new IllegalStateException("asked for " + table + " without a definition");
        }
        return right;
    }

    private WrittenTable table(TableId id) {
        current = id;
        return get(() -> tables.find(id))
                .filter(table -> !table.key().isEmpty())
                .orElseThrow(() -> new RefusedException(
                        Refusal.of("unknown_table", "The server has no table " + id.name() + " any more.")));
    }

    private void execute(String sql) {
        run(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    private void run(Step step) {
        get(() -> {
            step.run();
            return true;
        });
    }

    private <T> T get(Work<T> work) {
        try {
            return work.get();
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (FailureReasons.isPassing(state)) {
                throw new PassingException(e);
            }
            // What we know of the table may be what it was before somebody changed it.
            tables.forget();
            throw new RefusedException(FailureReasons.refusal(failure(state, e)), e);
        }
    }

    private FailureReasons.Failure failure(String state, SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException known ? known.getServerErrorMessage() : null;
        if (server == null) {
            return new FailureReasons.Failure(state, current.name(), "", "", String.valueOf(e.getMessage()));
        }
        return new FailureReasons.Failure(
                state,
                server.getTable() == null ? current.name() : server.getTable(),
                server.getColumn() == null ? "" : server.getColumn(),
                server.getConstraint() == null ? "" : server.getConstraint(),
                String.valueOf(server.getMessage()));
    }
}
