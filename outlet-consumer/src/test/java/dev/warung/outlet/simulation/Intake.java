package dev.warung.outlet.simulation;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.apply.OpResult;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.UploadApplier;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.simulation.Server.Change;
import dev.warung.outlet.simulation.Server.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Applies uploads to the server, dies at any point, and knows of each op what became of it. */
final class Intake {

    /** No clock is ahead of this. */
    private static final long FAR_FUTURE_US = 250_000_000_000_000_000L;

    private static final int OF = 100;

    private final Server server;
    private final PlantedBug bug;
    private final Random random;
    private final Map<UUID, Integer> commits = new HashMap<>();
    /** What each count has to be: the first, and each difference once. */
    private final Map<Row, Long> counts = new HashMap<>();
    /** The same without what outlets wrote. */
    private final Map<Row, Long> countsOfOthers = new HashMap<>();

    Intake(Server server, PlantedBug bug, Random random) {
        this.server = server;
        this.bug = bug;
        this.random = random;
    }

    /** The transaction that gave an op its final state. */
    Optional<Integer> commitOf(UUID op) {
        return Optional.ofNullable(commits.get(op));
    }

    Map<UUID, Integer> commits() {
        return commits;
    }

    Map<Row, Long> countsOfOthers() {
        return countsOfOthers;
    }

    /** Somebody else than an outlet has written. */
    void others(List<Change> changes) {
        for (Change change : changes) {
            if (change.row().table().equals(Shop.STOK.id())) {
                long difference = amount(change.after()) - amount(change.before());
                counts.merge(change.row(), difference, Long::sum);
                countsOfOthers.merge(change.row(), difference, Long::sum);
            }
        }
    }

    /** Takes the next upload of an outlet. It may die before or after its commit: then the upload comes again. */
    void take(OutletId outlet, UploadLog uploads, boolean mayDie) {
        UploadLog.Arrived arrived = uploads.next();
        Upload upload = UploadCodec.decode(arrived.upload());
        MemoryStore store = new MemoryStore(server, outlet, arrived.atUs(), bug);
        UploadApplier.apply(
                upload,
                bug == PlantedBug.CLAMP_OFF ? FAR_FUTURE_US : arrived.atUs(),
                Optional.empty(),
                store,
                UploadCodec::hash);
        int fate = mayDie ? random.nextInt(OF) : OF;
        if (fate < 10) {
            server.rollback();
            return;
        }
        server.commit();
        store.results().forEach(this::note);
        check();
        if (fate >= 20) {
            uploads.passed();
        }
    }

    private void note(OpResult result) {
        UploadOp op = result.op();
        if (commits.putIfAbsent(op.id(), server.commits().size() - 1) != null) {
            throw new Violation("I6", "op " + op.id() + " of " + op.table() + " was applied twice");
        }
        boolean isDone = result.status() == OpStatus.APPLIED || result.status() == OpStatus.MERGED;
        if (op.table().equals(Shop.STOK.id()) && isDone) {
            counts.merge(
                    new Row(op.table(), Shop.key(Shop.STOK, op.key())),
                    amount(op.after()) - amount(op.before()),
                    Long::sum);
        }
        RowImage ledger = server.find(MemoryStore.ledgerRow(op.id())).orElseThrow();
        String received = String.valueOf(ledger.get("received_at"));
        if (String.valueOf(ledger.get("effective_at")).compareTo(received) > 0) {
            throw new Violation("clock", "op " + op.id() + " counts as written after it had arrived");
        }
    }

    private void check() {
        counts.forEach((row, count) -> {
            long there = amount(server.find(row));
            if (there != count) {
                throw new Violation("I6", row + " has " + there + " instead of " + count);
            }
        });
    }

    private static long amount(Optional<RowImage> row) {
        return row.map(r -> r.get("jumlah")).map(v -> (Long) v).orElse(0L);
    }
}
