package dev.warung.replicator.routing;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.shape.InstanceId;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.SyncShape;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.replicator.routing.ControlRows.Shapes;
import dev.warung.replicator.routing.Generation.State;
import dev.warung.replicator.routing.RoutingMemory.OutletFile;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shape instances there must be, and what each outlet is told: makes the router's memory and topics what the rows of
 * {@code warung.shapes} and {@code warung.outlets} say.
 *
 * <p>Used only by the replicator thread.
 */
final class Fleet {

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final byte[] OUTLET_KEY = OutletCodec.KEY.getBytes(StandardCharsets.UTF_8);

    private final RouterOptions options;
    private final RoutingMemory memory;
    private final ShapeWriter writer;
    private final ShapeTopics topics;
    private final InstantSource clock;
    private final ShapeSchema.Keep keep;

    private Shapes shapes = Shapes.NONE;
    private List<Outlet> outlets = List.of();
    private List<String> warnings = List.of();

    Fleet(RouterOptions options, RoutingMemory memory, ShapeWriter writer, ShapeTopics topics, InstantSource clock) {
        this.options = options;
        this.memory = memory;
        this.writer = writer;
        this.topics = topics;
        this.clock = clock;
        this.keep = new ShapeSchema.Keep(
                options.shapeTopics().versions().toMillis(),
                options.shapeTopics().deletes().toMillis());
    }

    /** Shapes and outlets are these from now on. */
    void know(Shapes newShapes, List<Outlet> newOutlets) {
        Map<String, ShapePlan> plans = new TreeMap<>(newShapes.plans());
        // The same object for the same meaning: what is bound to it need not be bound again.
        plans.replaceAll((name, plan) -> {
            ShapePlan old = shapes.plans().get(name);
            return old != null && old.isSame(plan) ? old : plan;
        });
        shapes = new Shapes(plans, newShapes.broken(), newShapes.writes());
        outlets = newOutlets;
    }

    Map<String, ShapePlan> plans() {
        return shapes.plans();
    }

    /** The plan that a generation follows; empty if its shape means something else by now, or cannot be routed. */
    Optional<ShapePlan> planOf(Generation generation) {
        return Optional.ofNullable(shapes.plans().get(generation.instance().shape()))
                .filter(plan -> plan.description().equals(generation.description()));
    }

    /** Begins missing generations, ends those that nobody needs, and tells outlets what has changed for them. */
    void reconcile(ChangeId at) {
        Map<String, List<InstanceId>> wanted = wanted();
        Set<InstanceId> needed = new HashSet<>();
        wanted.values().forEach(needed::addAll);
        long now = clock.millis();
        freezeOutdated(now);
        begin(needed, at, now);
        noteUse(needed, now);
        tellOutlets(wanted, at, now);
    }

    /** Generations that are whole replace the older ones of their instances. */
    void live(List<Generation> whole, ChangeId at) {
        long now = clock.millis();
        for (Generation generation : whole) {
            memory.put(writer, generation.in(State.LIVE, now));
            for (Generation older : memory.of(generation.instance())) {
                if (older.number() < generation.number() && isOpen(older)) {
                    memory.put(writer, older.in(State.CLOSED, now));
                }
            }
        }
        tellOutlets(wanted(), at, now);
    }

    /** Stops every generation: changes were missed. */
    void freezeAll() {
        long now = clock.millis();
        memory.generations().forEach(generation -> stop(generation, now));
        if (memory.fill().isPresent()) {
            memory.endFill(writer);
        }
    }

    /**
     * Stops generations whose topic is not there any more, or is another one of that name, and tells outlets anew whose private topic is gone.
     * A router that died while it deleted topics leaves such, and so does a person.
     */
    void stopLost() {
        Set<String> names = new HashSet<>();
        memory.generations().stream().filter(Fleet::isOpen).forEach(generation -> names.add(generation.topic()));
        Map<String, OutletFile> told = memory.outlets();
        told.keySet().forEach(code -> names.add(options.topics().outlet(code)));
        Map<String, String> ids = topics.ids(names);
        long now = clock.millis();
        for (Generation generation : memory.generations()) {
            if (isOpen(generation) && !generation.topicId().equals(ids.get(generation.topic()))) {
                LOG.warn("Topic {} is gone, or another one: a new one takes its place", generation.topic());
                stop(generation, now);
            }
        }
        told.forEach((code, file) -> {
            if (file.goneSinceMs() == 0 && !ids.containsKey(options.topics().outlet(code))) {
                LOG.warn("The private topic of outlet {} is gone and is made again", code);
                memory.forgetOutlet(writer, code);
            }
        });
    }

    /** What is whole can be read until there is something newer. */
    private void stop(Generation generation, long now) {
        if (generation.state() == State.LIVE) {
            memory.put(writer, generation.in(State.FROZEN, now));
        } else if (generation.state() == State.FILLING) {
            memory.put(writer, generation.in(State.CLOSED, now));
        }
    }

    /** Deletes topics whose time of grace is over. Requires that nothing is uncommitted. */
    void clean() {
        long before = clock.millis() - options.grace().toMillis();
        List<Generation> closed = new ArrayList<>();
        for (Generation generation : memory.generations()) {
            boolean isUnused = generation.unusedSinceMs() > 0 && generation.unusedSinceMs() <= before;
            if (isUnused && generation.isWhole()) {
                closed.add(generation.in(State.CLOSED, clock.millis()));
            } else if (generation.state() == State.CLOSED && generation.sinceMs() <= before) {
                closed.add(generation);
            }
        }
        List<String> codes = new ArrayList<>();
        memory.outlets().forEach((code, file) -> {
            if (file.goneSinceMs() > 0 && file.goneSinceMs() <= before) {
                codes.add(code);
            }
        });
        Set<String> gone = new HashSet<>();
        closed.forEach(generation -> gone.add(generation.topic()));
        codes.forEach(code -> gone.addAll(
                List.of(options.topics().outlet(code), options.topics().upload(code))));
        topics.delete(gone);
        closed.forEach(generation -> memory.put(writer, generation.in(State.GONE, clock.millis())));
        codes.forEach(code -> memory.forgetOutlet(writer, code));
    }

    /** Whether {@link #clean} has something to do. */
    boolean isCleaningDue() {
        long before = clock.millis() - options.grace().toMillis();
        return memory.generations().stream()
                        .anyMatch(g -> (g.unusedSinceMs() > 0 && g.unusedSinceMs() <= before && g.isWhole())
                                || (g.state() == State.CLOSED && g.sinceMs() <= before))
                || memory.outlets().values().stream().anyMatch(f -> f.goneSinceMs() > 0 && f.goneSinceMs() <= before);
    }

    /** Generations that wait to be filled, oldest first. */
    List<Generation> unfilled() {
        return memory.generations().stream()
                .filter(g -> g.state() == State.FILLING)
                .toList();
    }

    RoutingStatus status(long records, Refusals refusals, List<String> more) {
        int live = 0;
        int filling = 0;
        int frozen = 0;
        for (Generation generation : memory.generations()) {
            live += generation.state() == State.LIVE ? 1 : 0;
            filling += generation.state() == State.FILLING ? 1 : 0;
            frozen += generation.state() == State.FROZEN ? 1 : 0;
        }
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        refusals.named()
                .forEach((row, bytes) -> all.add("row " + row + " has " + bytes
                        + " bytes and is left out of shapes; --shape-row-bytes-max allows "
                        + options.rowBytesMax()));
        int enabled = (int) outlets.stream().filter(Outlet::enabled).count();
        return new RoutingStatus(live, filling, frozen, enabled, records, refusals.count(), shapes.broken(), all);
    }

    /** The instances that each enabled outlet holds, by the outlet's code. */
    private Map<String, List<InstanceId>> wanted() {
        Map<String, List<InstanceId>> wanted = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Outlet outlet : outlets) {
            List<InstanceId> instances = new ArrayList<>();
            if (outlet.enabled()) {
                for (ShapePlan plan : shapes.plans().values()) {
                    try {
                        plan.bound().instance(outlet.bindings()).ifPresent(instances::add);
                    } catch (ShapeException e) {
                        problems.add("outlet " + outlet.code() + " does not get " + e.getMessage());
                    }
                }
            }
            if (writable(instances).isEmpty()) {
                instances.removeIf(instance -> instance.shape().equals(SyncShape.NAME));
            }
            wanted.put(outlet.code(), instances);
        }
        warnings = problems;
        return wanted;
    }

    /** What whoever holds these instances may write, if it is known how. */
    private List<WritableTable> writable(List<InstanceId> instances) {
        Set<TableId> tables = new TreeSet<>();
        for (InstanceId instance : instances) {
            Optional.ofNullable(shapes.plans().get(instance.shape()))
                    .ifPresent(plan -> tables.addAll(plan.bound().shape().writable()));
        }
        return tables.stream()
                .flatMap(table -> Optional.ofNullable(shapes.writes().get(table)).stream())
                .map(WriteDefinition::table)
                .toList();
    }

    private void freezeOutdated(long now) {
        memory.generations().stream()
                .filter(generation -> planOf(generation).isEmpty())
                .forEach(generation -> stop(generation, now));
    }

    private void begin(Set<InstanceId> needed, ChangeId at, long now) {
        Map<String, InstanceId> missing = new LinkedHashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (InstanceId instance : needed) {
            List<Generation> known = memory.of(instance);
            boolean isThere = known.stream()
                    .anyMatch(g -> (g.state() == State.FILLING || g.state() == State.LIVE)
                            && planOf(g).isPresent());
            if (!isThere) {
                int number = known.isEmpty() ? 1 : known.get(known.size() - 1).number() + 1;
                String topic = options.topics().shape(instance.shape(), instance.values(), number);
                missing.put(topic, instance);
                numbers.put(topic, number);
            }
        }
        while (!missing.isEmpty()) {
            Map<String, String> ids = topics.make(missing.keySet());
            writer.meet(ids.keySet());
            Map<String, InstanceId> again = new LinkedHashMap<>();
            missing.forEach((topic, instance) -> {
                int number = numbers.getOrDefault(topic, 1);
                String id = ids.get(topic);
                if (id == null) {
                    // Left behind by a router that died before it could remember the topic, or whose memory was
                    // deleted.
                    String next = options.topics().shape(instance.shape(), instance.values(), number + 1);
                    again.put(next, instance);
                    numbers.put(next, number + 1);
                } else {
                    begin(instance, number, topic, id, at, now);
                }
            });
            missing = again;
        }
    }

    private void begin(InstanceId instance, int number, String topic, String id, ChangeId at, long now) {
        ShapePlan plan = shapes.plans().get(instance.shape());
        if (plan == null) {
            throw new IllegalStateException("no shape " + instance.shape());
        }
        memory.put(writer, new Generation(instance, number, topic, id, plan.description(), State.FILLING, now, 0));
        writer.send(topic, ShapeCodec.schemaKey(), ShapeCodec.encode(plan.schema(instance, number, keep)), at);
    }

    private void noteUse(Set<InstanceId> needed, long now) {
        for (Generation generation : memory.generations()) {
            boolean isNeeded = needed.contains(generation.instance());
            if (isOpen(generation) && isNeeded != (generation.unusedSinceMs() == 0)) {
                memory.put(writer, generation.unusedSince(isNeeded ? 0 : now));
            }
        }
    }

    private void tellOutlets(Map<String, List<InstanceId>> wanted, ChangeId at, long now) {
        Map<String, OutletRecord> news = new LinkedHashMap<>();
        for (Outlet outlet : outlets) {
            List<InstanceId> instances = wanted.getOrDefault(outlet.code(), List.of());
            OutletRecord told = new OutletRecord(
                    outlet.id(),
                    outlet.code(),
                    outlet.name(),
                    outlet.attributes(),
                    outlet.enabled(),
                    outlet.generation(),
                    feeds(instances),
                    writable(instances));
            boolean isTold = memory.outlet(outlet.code())
                    .filter(file -> file.goneSinceMs() == 0 && file.told().equals(told))
                    .isPresent();
            if (!isTold) {
                news.put(outlet.code(), told);
            }
        }
        topics.make(unknown(news.keySet()));
        topics.makeUploads(beginning(news));
        writer.meet(news.keySet().stream().map(options.topics()::outlet).toList());
        news.forEach((code, told) -> tell(code, told, 0, at));
        memory.outlets().forEach((code, file) -> {
            if (!wanted.containsKey(code) && file.goneSinceMs() == 0) {
                OutletRecord old = file.told();
                tell(
                        code,
                        new OutletRecord(
                                old.id(), code, old.name(), Map.of(), false, old.generation(), List.of(), List.of()),
                        now,
                        at);
            }
        });
    }

    private List<String> unknown(Collection<String> codes) {
        return codes.stream()
                .filter(code -> memory.outlet(code).isEmpty())
                .map(options.topics()::outlet)
                .toList();
    }

    /** The upload topics of outlets that may write and could not before. */
    private List<String> beginning(Map<String, OutletRecord> news) {
        List<String> topicNames = new ArrayList<>();
        news.forEach((code, told) -> {
            boolean couldWrite = memory.outlet(code)
                    .filter(file -> !file.told().writable().isEmpty())
                    .isPresent();
            if (!told.writable().isEmpty() && !couldWrite) {
                topicNames.add(options.topics().upload(code));
            }
        });
        return topicNames;
    }

    private void tell(String code, OutletRecord told, long goneSince, ChangeId at) {
        writer.send(options.topics().outlet(code), OUTLET_KEY, OutletCodec.encode(told), at);
        memory.put(writer, code, new OutletFile(told, goneSince));
    }

    private List<OutletRecord.Feed> feeds(List<InstanceId> instances) {
        List<OutletRecord.Feed> feeds = new ArrayList<>();
        for (InstanceId instance : instances) {
            List<Generation> known = memory.of(instance);
            for (int i = known.size() - 1; i >= 0; i--) {
                Generation generation = known.get(i);
                if (generation.isWhole()) {
                    feeds.add(new OutletRecord.Feed(
                            instance.shape(), generation.topic(), generation.topicId(), generation.number()));
                    break;
                }
            }
        }
        return feeds;
    }

    private static boolean isOpen(Generation generation) {
        return generation.state() == State.FILLING || generation.isWhole();
    }
}
