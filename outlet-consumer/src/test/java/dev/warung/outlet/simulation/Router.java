package dev.warung.outlet.simulation;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeSchema.Table;
import dev.warung.outlet.simulation.Server.Change;
import dev.warung.outlet.simulation.Server.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes what the server has committed to the topics of the shapes, several transactions in one of Kafka's, which may be taken back. */
final class Router {

    private static final long LSN_STEP = 8;
    private static final int FIRST_ORDINAL = 2;

    private static final Map<String, Set<TableId>> TABLES = Shop.SHAPES.entrySet().stream()
            .collect(Collectors.toMap(
                    Map.Entry::getKey, e -> e.getValue().stream().map(Table::id).collect(Collectors.toSet())));

    private final Server server;
    private final Map<String, ShapeLog> logs = new LinkedHashMap<>();
    private final Map<String, OutletId> holders = new HashMap<>();
    private final Map<String, ShapeLog> byTopic = new HashMap<>();
    /** The rows after the last transaction that is routed for good: what new topics begin with. */
    private final Map<Row, RowImage> replica = new LinkedHashMap<>();

    private int position;
    private int written;

    Router(Server server, Collection<OutletId> outlets) {
        this.server = server;
        adopt(server.commits().size());
        for (OutletId outlet : outlets) {
            Shop.SHAPES.keySet().forEach(shape -> {
                String instance = instance(shape, outlet);
                holders.putIfAbsent(instance, outlet);
                logs.computeIfAbsent(instance, i -> filled(shape, i, 1));
            });
        }
    }

    /** Topics of outlets are called the same: a file is not one outlet's from the beginning. */
    static String topicName(String shape, OutletId outlet) {
        return shape.equals(Shop.BRANCH) ? shape + outlet.branch() : shape;
    }

    private static String instance(String shape, OutletId outlet) {
        return shape.equals(Shop.SYNC) ? shape + "/" + outlet.code() : topicName(shape, outlet);
    }

    ShapeLog log(OutletId outlet, String topic) {
        ShapeLog log = byTopic.get(topic.startsWith(Shop.SYNC) ? outlet.code() + "/" + topic : topic);
        if (log == null) {
            throw new IllegalStateException("no topic " + topic);
        }
        return log;
    }

    List<OutletRecord.Feed> sources(OutletId outlet) {
        return Shop.SHAPES.keySet().stream()
                .map(shape -> current(shape, outlet).source())
                .toList();
    }

    ShapeLog current(String shape, OutletId outlet) {
        ShapeLog log = logs.get(instance(shape, outlet));
        if (log == null) {
            throw new IllegalStateException("no shape " + shape);
        }
        return log;
    }

    boolean hasWork() {
        return position < server.commits().size();
    }

    /** Writes some transactions; nobody can read them yet. */
    void write(int transactions) {
        int until = Math.min(server.commits().size(), written + transactions);
        while (written < until) {
            write(written, server.commits().get(written));
            written++;
        }
    }

    /** What was written can be read from now on, in all topics. */
    void commit() {
        logs.values().stream().filter(ShapeLog::isOpen).forEach(ShapeLog::commit);
        adopt(written);
    }

    /** The router has died: another one begins where the last commit was. */
    void abort() {
        logs.values().stream().filter(ShapeLog::isOpen).forEach(ShapeLog::abort);
        written = position;
    }

    /** A shape gets another topic. */
    void renew(String shape, OutletId outlet) {
        abort();
        String instance = instance(shape, outlet);
        logs.computeIfPresent(instance, (i, old) -> filled(shape, instance, old.generation() + 1));
    }

    private void adopt(int commits) {
        for (Change change : server.commits().subList(position, commits).stream()
                .flatMap(List::stream)
                .toList()) {
            change.after().ifPresentOrElse(row -> replica.put(change.row(), row), () -> replica.remove(change.row()));
        }
        position = commits;
        written = commits;
    }

    private ShapeLog filled(String shape, String instance, int generation) {
        OutletId outlet = holder(instance);
        ShapeLog log = new ShapeLog(shape, topicName(shape, outlet), generation);
        ChangeId start = new ChangeId(1, new Lsn(LSN_STEP * (position + 1)), 0);
        List<Row> held = new ArrayList<>();
        replica.forEach((row, image) -> {
            if (tablesOf(shape).contains(row.table()) && Shop.isHeld(shape, outlet, image)) {
                held.add(row);
            }
        });
        held.forEach(row -> log.say(start, row, Optional.ofNullable(replica.get(row))));
        log.end(new ChangeId(1, start.commit(), 1), position - 1);
        log.commit();
        byTopic.put(shape.equals(Shop.SYNC) ? outlet.code() + "/" + log.topic() : log.topic(), log);
        return log;
    }

    private static Set<TableId> tablesOf(String shape) {
        return TABLES.getOrDefault(shape, Set.of());
    }

    private OutletId holder(String instance) {
        OutletId outlet = holders.get(instance);
        if (outlet == null) {
            throw new IllegalStateException("nobody holds " + instance);
        }
        return outlet;
    }

    private void write(int number, List<Change> changes) {
        Lsn lsn = new Lsn(LSN_STEP * (number + 1));
        ChangeId end = new ChangeId(1, lsn, FIRST_ORDINAL + changes.size());
        logs.forEach((instance, log) -> {
            OutletId outlet = holder(instance);
            Set<TableId> tables = tablesOf(log.shape());
            boolean isTouched = false;
            for (int i = 0; i < changes.size(); i++) {
                Change change = changes.get(i);
                if (!tables.contains(change.row().table())) {
                    continue;
                }
                boolean wasHeld = change.before()
                        .filter(row -> Shop.isHeld(log.shape(), outlet, row))
                        .isPresent();
                Optional<RowImage> now = change.after().filter(row -> Shop.isHeld(log.shape(), outlet, row));
                if (wasHeld || now.isPresent()) {
                    log.say(new ChangeId(1, lsn, FIRST_ORDINAL + i), change.row(), now);
                    isTouched = true;
                }
            }
            if (isTouched) {
                log.end(end, number);
            }
        });
    }
}
