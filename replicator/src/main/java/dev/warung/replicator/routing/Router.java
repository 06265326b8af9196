package dev.warung.replicator.routing;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.core.wire.RowCodec.DecodedRow;
import dev.warung.core.wire.RowOp;
import dev.warung.replicator.backup.BackupReplica;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.log.LogRecord;
import dev.warung.replicator.routing.Generation.State;
import dev.warung.replicator.routing.match.FailedEvaluations;
import dev.warung.replicator.routing.match.ReplicaRows;
import dev.warung.replicator.routing.match.RoutingIndex;
import dev.warung.replicator.routing.match.ShapeInstance;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes that the replicator applies and writes, for each shape instance that a change touches, what it does there.
 *
 * <p>Routed changes and the router's position are one Kafka transaction, which is committed before SQLite's (DESIGN §9). After a death in
 * between, Kafka's position is ahead: changes up to it are applied and not routed again. If changes were applied that nobody routed, every
 * instance begins a new generation.
 *
 * <p>Requires: the calls come in the order of the log, {@link #change} before the change is applied. Used only by the replicator thread.
 */
public final class Router implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final BackupReplica replica;
    private final ControlRows control;
    private final ShapeWriter writer;
    private final RoutingMemory memory;
    private final Fleet fleet;
    private final RoutedRows rows;
    private final Refusals refusals = new Refusals();
    private final RoutingIndex index;
    private final Filler filler;
    /** Changes up to this one are routed already. */
    private final ChangeId routedBefore;

    private Set<String> controlTopics = Set.of();
    private boolean isActive;
    private boolean hasNewControl;
    private boolean hasNewSchema;
    private int lastNumber;
    private @Nullable TransactionEnd lastEnd;

    private Router(
            RouterOptions options,
            BackupReplica replica,
            ShapeWriter writer,
            RoutingMemory memory,
            Fleet fleet,
            ChangeId routedBefore) {
        this.replica = replica;
        this.writer = writer;
        this.memory = memory;
        this.fleet = fleet;
        this.routedBefore = routedBefore;
        this.control = new ControlRows(replica);
        this.rows = new RoutedRows(writer, options.rowBytesMax(), refusals);
        this.index = new RoutingIndex(new InnerRows(replica));
        this.filler = new Filler(replica, memory, fleet, writer, rows, index);
    }

    /**
     * Takes over routing: any other router is fenced from here on.
     *
     * @param applied position of the replica
     */
    public static Router open(
            RouterOptions options, LogConnection log, BackupReplica replica, ChangeId applied, InstantSource clock) {
        ShapeTopics topics = new ShapeTopics(log.admin(), options);
        topics.makeRouting();
        ShapeWriter writer = ShapeWriter.open(options);
        try {
            RoutingMemory memory = RoutingMemory.read(log, options.topics().routing());
            Fleet fleet = new Fleet(options, memory, writer, topics, clock);
            fleet.stopLost();
            ChangeId known = memory.position().orElse(ChangeId.NONE);
            Optional<ChangeId> marked = replica.routed();
            boolean isContinued = marked.isPresent() && marked.get().equals(known);
            boolean isAhead = memory.position().isPresent() && known.compareTo(applied) >= 0;
            if (!isContinued && !isAhead && !memory.generations().isEmpty()) {
                LOG.warn(
                        "Routing went up to {}, the backup says {} and stands at {}: every shape instance is filled again",
                        known,
                        marked.map(ChangeId::toString).orElse("nothing"),
                        applied);
                fleet.freezeAll();
            }
            Router router = new Router(options, replica, writer, memory, fleet, isAhead ? known : ChangeId.NONE);
            if (!router.routedBefore.isAfter(applied)) {
                router.activate(applied);
                router.commit(applied);
            }
            return router;
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** Whether a change of a table must be given to {@link #change}. */
    public boolean reads(LogRecord record) {
        if (!isActive && record.id().isAfter(routedBefore)) {
            activate(record.id());
        }
        return isActive && (index.reads(record.topic()) || controlTopics.contains(record.topic()));
    }

    /** Routes a change that is about to be applied. */
    public void change(LogRecord record, DecodedRow row) {
        if (controlTopics.contains(record.topic())) {
            hasNewControl = true;
        }
        if (!index.reads(record.topic())) {
            return;
        }
        rows.at(record.id());
        if (row.op() == RowOp.TRUNCATE) {
            index.truncate(record.topic(), rows);
            return;
        }
        @Nullable Object[] before = row.before();
        if (before == null && row.op() != RowOp.CREATE) {
            before = replica.rowBefore(record).orElse(null);
        }
        index.route(record.topic(), before, row.after(), rows);
        FaultPoints.hit("router.routed");
    }

    /** Tables were described anew, in the middle of a transaction perhaps. */
    public void schemaChanged() {
        if (!isActive) {
            return;
        }
        hasNewSchema = true;
        know();
        rebind();
    }

    /** A PostgreSQL transaction was routed whole. */
    public void ended(TransactionEnd end) {
        lastEnd = end;
        if (isActive && (hasNewControl || hasNewSchema)) {
            mark();
            hasNewControl = false;
            hasNewSchema = false;
            reconcile(end.id());
        }
    }

    /**
     * Makes what was routed visible. To be called before the replica commits.
     *
     * @param applied up to where the replica will stand then
     * @return what the replica has to remember; empty if what it commits was not routed
     */
    public Optional<ChangeId> commit(ChangeId applied) {
        if (!isActive) {
            if (applied.compareTo(routedBefore) < 0) {
                return replica.routed();
            }
            activate(applied);
        }
        mark();
        if (writer.isOpen()) {
            memory.put(writer, applied);
            FaultPoints.hit("router.before-commit");
            writer.commit();
            FaultPoints.hit("router.after-commit");
        }
        return Optional.of(memory.position().orElse(ChangeId.NONE));
    }

    /** Whether what was routed since the last commit is so much that it should be committed. */
    public boolean isFull() {
        return writer.isFull();
    }

    /** Topics that were written to since the last commit. */
    public int topicsWritten() {
        return writer.topics();
    }

    /** Whether {@link #work} would do something. */
    public boolean hasWork() {
        return isActive && filler.hasWork();
    }

    /**
     * Sends a bounded part of what waits to be sent of the present rows. Requires that everything is committed.
     *
     * @param applied where the replica stands
     * @param commit LSN of the last commit that it holds
     */
    public void work(ChangeId applied, Lsn commit) {
        rows.at(applied);
        filler.fill(new Filler.Place(applied, commit), this::bind);
        commit(applied);
        replica.endReading();
        FaultPoints.hit("router.filled");
    }

    /** To be called every second or so, between transactions. */
    public void chores(ChangeId applied) {
        if (isActive && fleet.isCleaningDue()) {
            fleet.clean();
            rebind();
            commit(applied);
        }
    }

    public RoutingStatus status() {
        List<String> warnings = new ArrayList<>();
        for (FailedEvaluations failed : index.failures()) {
            warnings.add("the clause of shape " + failed.shape() + " on " + failed.table() + " failed on "
                    + failed.count() + " rows, which are left out; first: " + failed.reason());
        }
        return fleet.status(writer.records(), refusals, warnings);
    }

    @Override
    public void close() {
        writer.close();
    }

    /** From here on changes are routed: the replica holds all that was routed before. */
    private void activate(ChangeId at) {
        isActive = true;
        reconcile(at);
        LOG.info("Routing {} shape instances after change {}", rows.topics().size(), at);
    }

    private void reconcile(ChangeId at) {
        know();
        fleet.reconcile(at);
        rebind();
    }

    private void know() {
        controlTopics = control.topics();
        fleet.know(control.shapes(), control.outlets());
    }

    private void mark() {
        TransactionEnd end = lastEnd;
        if (end != null) {
            rows.end(end.id(), end.commit(), end.committedAtUs());
        }
    }

    /** Makes the index follow exactly the generations that are to be followed, with the present descriptions. */
    private void rebind() {
        Set<String> followed = new HashSet<>();
        memory.fill().ifPresent(pass -> followed.addAll(pass.topics()));
        Map<String, Generation> wanted = new HashMap<>();
        for (Generation generation : memory.generations()) {
            boolean isFollowed = generation.state() == State.LIVE
                    || (generation.state() == State.FILLING && followed.contains(generation.topic()));
            if (isFollowed && fleet.planOf(generation).isPresent()) {
                wanted.put(generation.topic(), generation);
            }
        }
        for (String topic : rows.topics()) {
            Generation generation = wanted.get(topic);
            Optional<ShapePlan> plan = Optional.ofNullable(generation).flatMap(fleet::planOf);
            if (plan.isEmpty() || !rows.isBound(topic, plan.get())) {
                rows.forget(topic).ifPresent(index::remove);
            }
        }
        rows.topics().forEach(wanted::remove);
        writer.meet(wanted.keySet());
        wanted.values().forEach(this::bind);
        filler.restore();
    }

    private void bind(Generation generation) {
        ShapePlan plan = fleet.planOf(generation)
                .orElseThrow(() -> new IllegalStateException("no plan for " + generation.instance()));
        ShapeInstance instance = new ShapeInstance(
                ++lastNumber, plan.routed(), generation.instance().values());
        index.add(instance);
        rows.target(instance, generation, plan);
    }

    /** What sub-selects read. */
    private record InnerRows(BackupReplica replica) implements ReplicaRows {

        @Override
        public void all(TableSchema table, Consumer<@Nullable Object[]> reader) {
            replica.rows().all(table.topic(), reader);
        }

        @Override
        public void having(TableSchema table, Column column, Object value, Consumer<@Nullable Object[]> reader) {
            replica.rows().having(table.topic(), column, value, reader);
        }
    }
}
