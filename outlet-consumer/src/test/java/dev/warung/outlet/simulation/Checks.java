package dev.warung.outlet.simulation;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.wire.ShapeSchema.Table;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.OutletReplica;
import dev.warung.outlet.simulation.OutletFile.Base;
import dev.warung.outlet.simulation.OutletFile.FileOp;
import dev.warung.outlet.simulation.Server.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The invariants of an outlet's file. */
final class Checks {

    private final Router router;
    private final Intake intake;
    private final Server server;

    Checks(Server server, Router router, Intake intake) {
        this.server = server;
        this.router = router;
        this.intake = intake;
    }

    /** What can be checked in a moment: where the shapes stand, the rows that they have changed, and each op that came or went. */
    void quick(SimulatedOutlet outlet) {
        Optional<OutletReplica> replica = outlet.replica();
        if (replica.isEmpty()) {
            return;
        }
        Set<Row> changed = outlet.model()
                .follow(replica.get().feeds().stream().filter(Feed::isLive).toList());
        changed.forEach(row -> base(outlet, row));
        ops(outlet);
    }

    /** I6: each op that was ever there is open, or has the state that the ledger says. */
    private void ops(SimulatedOutlet outlet) {
        OutletModel model = outlet.model();
        for (FileOp op : outlet.file().opsAfter(model.lastSeq())) {
            model.sawOp(op.id(), op.seq());
        }
        Set<UUID> open = outlet.file().openIds();
        List<UUID> gone = model.open().stream().filter(op -> !open.contains(op)).toList();
        gone.forEach(op -> {
            settled(outlet, op);
            model.settled(op);
        });
        if (open.size() != model.open().size()) {
            throw new Violation("I6", outlet.id().code() + " has ops that are open again");
        }
    }

    private void settled(SimulatedOutlet outlet, UUID id) {
        String who = outlet.id().code() + " op " + id;
        FileOp op = outlet.file().op(id).orElseThrow(() -> new Violation("I6", who + " is lost"));
        int commit = intake.commitOf(id)
                .orElseThrow(() -> new Violation("I6", who + " is settled, but the server does not know it"));
        String status = String.valueOf(
                server.find(MemoryStore.ledgerRow(id)).orElseThrow().get("status"));
        if (!status.equals(op.result())) {
            throw new Violation("I6", who + " is " + op.result() + " here and " + status + " on the server");
        }
        for (FeedModel feed : outlet.model().feeds()) {
            ChangeId needed = feed.log().endUpTo(commit);
            if (needed.isAfter(feed.end())) {
                throw new Violation(
                        "I7",
                        who + " of " + op.row() + " was settled when "
                                + feed.log().topic() + " stood at " + feed.end() + ", before its rows at " + needed);
            }
        }
    }

    /** I7: what the file knows as the server's row is that of the shape, where it stands. */
    private void base(SimulatedOutlet outlet, Row row) {
        Optional<Base> noted = outlet.file().base(row);
        Optional<RowImage> known =
                noted.isPresent() ? noted.get().image() : outlet.file().row(row);
        same(outlet, row, known);
    }

    private static void same(SimulatedOutlet outlet, Row row, Optional<RowImage> known) {
        if (!outlet.model().isBase(row, known)) {
            throw new Violation(
                    "I7",
                    outlet.id().code() + " " + row + " is " + known + ", but the shape has "
                            + outlet.model().base(row));
        }
    }

    /** Every row and every op. Requires that nothing of the application is in the journal only. */
    void whole(SimulatedOutlet outlet) {
        quick(outlet);
        OutletFile file = outlet.file();
        Map<Row, RowImage> seen = new HashMap<>();
        Shop.TABLES.values().forEach(table -> seen.putAll(file.rows(table)));
        Map<Row, Base> bases = file.bases();
        Set<Row> all = new HashSet<>(outlet.model().rows());
        all.addAll(seen.keySet());
        all.addAll(bases.keySet());
        for (Row row : all) {
            Base base = bases.get(row);
            same(outlet, row, base == null ? Optional.ofNullable(seen.get(row)) : base.image());
        }
        overlay(outlet, seen, bases);
        if (file.number("SELECT count(*) FROM _warung_guard") != 0) {
            throw new Violation("I6", outlet.id().code() + " does not note what is written");
        }
    }

    /** What can be seen is the server's row with the open ops over it. */
    private void overlay(SimulatedOutlet outlet, Map<Row, RowImage> seen, Map<Row, Base> bases) {
        Map<Row, List<FileOp>> open = outlet.file().openOps().stream()
                .collect(Collectors.groupingBy(FileOp::row, LinkedHashMap::new, Collectors.toList()));
        Map<TableId, Map<Long, Long>> ids = ids(outlet);
        open.forEach((row, ops) -> {
            Base base = bases.get(row);
            if (base == null) {
                throw new Violation("I6", outlet.id().code() + " has ops of " + row + " and no base");
            }
            if (!base.waits()) {
                Optional<RowImage> expected = base.image();
                for (FileOp op : ops) {
                    expected = laid(expected, op, ids);
                }
                Optional<RowImage> visible = Optional.ofNullable(seen.get(row));
                if (!visible.equals(expected)) {
                    throw new Violation(
                            "I7",
                            outlet.id().code() + " shows " + row + " as " + visible + ", but with its open ops it is "
                                    + expected);
                }
            }
        });
        bases.forEach((row, base) -> {
            if (!base.waits() && !open.containsKey(row)) {
                throw new Violation("I6", outlet.id().code() + " keeps a base of " + row + " without ops");
            }
        });
    }

    private static Optional<RowImage> laid(Optional<RowImage> row, FileOp op, Map<TableId, Map<Long, Long>> ids) {
        TableId id = op.row().table();
        Table table = Objects.requireNonNull(Shop.TABLES.get(id));
        Optional<RowImage> before = op.before().map(image -> withIds(id, image, ids));
        Optional<RowImage> after = op.after().map(image -> withIds(id, image, ids));
        if (after.isEmpty() || (before.isPresent() && row.isEmpty())) {
            return Optional.empty();
        }
        RowImage laid = row.orElse(RowImage.EMPTY);
        List<String> delta = Objects.requireNonNull(Shop.WRITES.get(id)).table().delta();
        for (String column : after.get().columns()) {
            Object now = after.get().get(column);
            boolean isChanged = before.isEmpty() || !Objects.equals(before.get().get(column), now);
            if (isChanged && before.isPresent() && delta.contains(column)) {
                long sum = (Long) Objects.requireNonNull(laid.get(column))
                        + (Long) Objects.requireNonNull(now)
                        - (Long) Objects.requireNonNull(before.get().get(column));
                laid = laid.with(column, sum);
            } else if (isChanged) {
                laid = laid.with(column, now);
            }
        }
        RowImage key = Shop.keyRow(table, op.row().key());
        for (String column : key.columns()) {
            laid = laid.with(column, key.get(column));
        }
        return Optional.of(laid);
    }

    private static RowImage withIds(TableId table, RowImage image, Map<TableId, Map<Long, Long>> ids) {
        String column = table.equals(Shop.TRANSAKSI.id()) ? "id" : "transaksi_id";
        Map<Long, Long> known = ids.getOrDefault(Shop.TRANSAKSI.id(), Map.of());
        return image.get(column) instanceof Long id && known.containsKey(id)
                ? image.with(column, known.get(id))
                : image;
    }

    /** The ids that the file has taken over: they have to be those that the server has given. */
    private Map<TableId, Map<Long, Long>> ids(SimulatedOutlet outlet) {
        Map<TableId, Map<Long, Long>> ids = new HashMap<>();
        outlet.file().list("SELECT tbl, local_id, server_id FROM _warung_ids WHERE server_id IS NOT NULL", row -> {
            long local = row.getLong(2);
            long given = row.getLong(3);
            Optional<RowImage> mapped =
                    server.find(new Row(Shop.ID_MAP.id(), List.of(outlet.id().code(), row.getString(1), local)));
            if (mapped.filter(m -> Objects.equals(m.get("server_id"), given)).isEmpty()) {
                throw new Violation("I6", outlet.id().code() + " takes " + local + " for " + given);
            }
            ids.computeIfAbsent(TableId.parse(row.getString(1)), t -> new HashMap<>())
                    .put(local, given);
            return true;
        });
        return ids;
    }

    /** Everything has arrived everywhere. */
    void end(List<SimulatedOutlet> outlets, Till till, Map<Row, Long> firstCounts) {
        Set<UUID> all = new HashSet<>();
        for (SimulatedOutlet outlet : outlets) {
            whole(outlet);
            if (!outlet.model().open().isEmpty()) {
                throw new Violation(
                        "I6",
                        outlet.id().code() + " has open ops: " + outlet.model().open() + "; " + outlet.describe());
            }
            all.addAll(outlet.model().ops());
            order(outlet);
            converged(outlet);
        }
        if (!all.equals(intake.commits().keySet())) {
            Set<UUID> unknown = new HashSet<>(intake.commits().keySet());
            unknown.removeAll(all);
            all.removeAll(intake.commits().keySet());
            throw new Violation("I6", "ops without a state: " + all + ", states without an op: " + unknown);
        }
        List<String> wrong = new ArrayList<>();
        till.differences().forEach((kode, difference) -> {
            Row row = new Row(Shop.STOK.id(), List.of(kode));
            long found = (Long) server.find(row).orElseThrow().values().getOrDefault("jumlah", 0L);
            long expected = difference + firstCounts.getOrDefault(row, 0L);
            if (found != expected) {
                wrong.add(kode + " is " + found + " instead of " + expected);
            }
        });
        if (!wrong.isEmpty()) {
            throw new Violation("I6", "what was written does not add up: " + wrong);
        }
    }

    /** What was written first gets its state first: an update is not decided before the insert of its row. */
    private void order(SimulatedOutlet outlet) {
        int last = 0;
        for (UUID op : outlet.model().ops()) {
            int commit = intake.commitOf(op).orElse(last);
            if (commit < last) {
                throw new Violation("I6", outlet.id().code() + " op " + op + " was done after one that is newer");
            }
            last = commit;
        }
    }

    private void converged(SimulatedOutlet outlet) {
        if (outlet.file().number("SELECT count(*) FROM _warung_base") != 0) {
            throw new Violation("I7", outlet.id().code() + " still hides rows");
        }
        for (Map.Entry<String, List<Table>> shape : Shop.SHAPES.entrySet()) {
            ShapeLog log = router.current(shape.getKey(), outlet.id());
            if (outlet.model().feed(shape.getKey()).filter(f -> f.log() == log).isEmpty()) {
                throw new Violation("I7", outlet.id().code() + " does not read " + log.topic());
            }
        }
        for (Table table : Shop.TABLES.values()) {
            Map<Row, RowImage> expected = new HashMap<>();
            server.rows(table).stream()
                    .filter(row -> Shop.SHAPES.entrySet().stream()
                            .anyMatch(shape ->
                                    shape.getValue().contains(table) && Shop.isHeld(shape.getKey(), outlet.id(), row)))
                    .forEach(
                            row -> expected.put(new Row(table.id(), Shop.key(table, row)), Shop.canonical(table, row)));
            Map<Row, RowImage> seen = outlet.file().rows(table);
            if (!seen.equals(expected)) {
                throw new Violation(
                        "I7", outlet.id().code() + " " + table.id() + " has " + seen + " instead of " + expected);
            }
            seen.keySet()
                    .forEach(row -> row.key().forEach(value -> {
                        if (!table.id().equals(Shop.ID_MAP.id()) && WritableTable.isLocalId(value)) {
                            throw new Violation("I7", outlet.id().code() + " still has a local id: " + row);
                        }
                    }));
        }
    }
}
