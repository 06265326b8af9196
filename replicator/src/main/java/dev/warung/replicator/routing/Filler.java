package dev.warung.replicator.routing;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.sqlite.SqliteFilter;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.replicator.backup.BackupReplica;
import dev.warung.replicator.backup.TableRows;
import dev.warung.replicator.routing.match.RoutingIndex;
import dev.warung.replicator.routing.match.ShapeInstance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the present rows of new generations, in parts, while changes go on being routed: a part is read where the replica stands between
 * two transactions; changes of rows beyond it are not told, because a later part will hold them. So the order in a topic is always right.
 *
 * <p>Used only by the replicator thread.
 */
final class Filler {

    /** Rows looked at in one part: some milliseconds of reading. */
    private static final int ROWS = 5_000;
    /** The same where SQLite leaves out most rows itself. */
    private static final int FILTERED_ROWS = 50_000;
    /** Generations that are filled together. */
    private static final int GENERATIONS_MAX = 1_000;

    private final BackupReplica replica;
    private final RoutingMemory memory;
    private final Fleet fleet;
    private final ShapeWriter writer;
    private final RoutedRows rows;
    private final RoutingIndex index;

    Filler(
            BackupReplica replica,
            RoutingMemory memory,
            Fleet fleet,
            ShapeWriter writer,
            RoutedRows rows,
            RoutingIndex index) {
        this.replica = replica;
        this.memory = memory;
        this.fleet = fleet;
        this.writer = writer;
        this.rows = rows;
        this.index = index;
    }

    /** Where the replica stands. */
    record Place(ChangeId applied, Lsn commit) {}

    boolean hasWork() {
        return memory.filling() > 0 || memory.fill().isPresent();
    }

    /** To be called before changes are routed: what is told of half-filled generations depends on how far they are. */
    void restore() {
        RoutedRows.Frontier frontier = null;
        Optional<FillPass> pass = memory.fill();
        if (pass.isPresent()) {
            ShapePlan plan = fleet.plans().get(pass.get().shape());
            if (plan != null) {
                frontier = new RoutedRows.Frontier(
                        pass.get().table(), after(pass.get(), plan).orElse(null));
            }
        }
        rows.filled(frontier);
    }

    /** @param bind makes a generation follow the log */
    void fill(Place place, Consumer<Generation> bind) {
        FillPass pass = memory.fill().orElseGet(() -> begin(bind));
        List<Generation> members = new ArrayList<>();
        for (String topic : pass.topics()) {
            Generation generation = memory.generation(topic);
            if (generation.state() == Generation.State.FILLING
                    && fleet.planOf(generation).isPresent()) {
                members.add(generation);
            }
        }
        ShapePlan plan = fleet.plans().get(pass.shape());
        if (members.isEmpty() || plan == null) {
            memory.endFill(writer);
            rows.filled(null);
            return;
        }
        Optional<Object[]> last = sendPart(pass, plan, members);
        FillPass next = last.isPresent()
                ? new FillPass(pass.shape(), pass.topics(), pass.table(), keyOf(plan, pass.table(), last.get()))
                : new FillPass(pass.shape(), pass.topics(), pass.table() + 1, null);
        if (next.table() < plan.tables().size()) {
            memory.put(writer, next);
            restore();
        } else {
            complete(place, members);
        }
    }

    private FillPass begin(Consumer<Generation> bind) {
        List<Generation> waiting = fleet.unfilled();
        String shape = waiting.get(0).instance().shape();
        List<String> topics = new ArrayList<>();
        for (Generation generation : waiting) {
            boolean isMember = generation.instance().shape().equals(shape)
                    && fleet.planOf(generation).isPresent()
                    && topics.size() < GENERATIONS_MAX;
            if (isMember) {
                bind.accept(generation);
                topics.add(generation.topic());
            }
        }
        FillPass pass = new FillPass(shape, topics, 0, null);
        memory.put(writer, pass);
        restore();
        return pass;
    }

    /** @return the key of the last row that was looked at; empty at the table's end */
    private Optional<Object[]> sendPart(FillPass pass, ShapePlan plan, List<Generation> members) {
        int table = pass.table();
        String topic = plan.tables().get(table).schema().topic();
        TableRows reader = replica.rows();
        Optional<SqliteFilter> filter = Optional.empty();
        if (members.size() == 1) {
            Map<String, @Nullable String> values =
                    plan.bound().valuesOf(members.get(0).instance());
            Optional<WhereClause> where = plan.bound().tables().get(table).where();
            filter = where.filter(clause -> clause.subSelects().isEmpty())
                    .map(clause -> clause.with(values).sqlite(column -> reader.name(topic, column)));
        }
        return reader.next(
                topic,
                after(pass, plan),
                filter.isPresent() ? FILTERED_ROWS : ROWS,
                filter,
                receiver(plan, table, members));
    }

    private Consumer<@Nullable Object[]> receiver(ShapePlan plan, int table, List<Generation> members) {
        Map<Integer, ShapeInstance> instances = new LinkedHashMap<>();
        for (Generation member : members) {
            ShapeInstance instance = rows.instance(member.topic());
            instances.put(instance.number(), instance);
        }
        if (members.size() == 1) {
            ShapeInstance only = rows.instance(members.get(0).topic());
            return row -> {
                if (index.takes(only, table, row)) {
                    rows.fill(only, table, row);
                }
            };
        }
        return row -> index.holders(plan.routed(), table, row, holder -> {
            if (instances.containsKey(holder.number())) {
                rows.fill(holder, table, row);
            }
        });
    }

    private void complete(Place place, List<Generation> members) {
        memory.endFill(writer);
        rows.filled(null);
        byte[] mark = ShapeCodec.encode(new ShapeRecord.End(place.applied(), place.commit(), 0));
        members.forEach(member -> writer.send(member.topic(), ShapeCodec.endKey(), mark, place.applied()));
        fleet.live(members, place.applied());
        members.forEach(member -> rows.isLive(member.topic()));
    }

    private static byte[] keyOf(ShapePlan plan, int table, Object[] key) {
        ShapePlan.TablePlan of = plan.tables().get(table);
        @Nullable Object[] row = new @Nullable Object[of.kinds().length];
        for (int i = 0; i < key.length; i++) {
            row[of.key()[i]] = key[i];
        }
        return of.keyOf(table, row);
    }

    private static Optional<Object[]> after(FillPass pass, ShapePlan plan) {
        return pass.afterKey().map(plan::keyValues);
    }
}
