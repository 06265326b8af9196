package dev.warung.core.upload.apply;

import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WriteDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Applies an upload: each op once, a connected set whole or not at all.
 *
 * <p>Guarantees: afterwards each op stands in the ledger in one final state (I6). An op that cannot be applied takes its set with it and
 * nothing else.
 */
public final class UploadApplier {

    private static final String DEPENDS = "depends";

    private final WriteStore store;
    private final Function<UploadOp, byte[]> hash;
    private final Map<UUID, UploadGroup> groups = new HashMap<>();
    private final Map<OpStatus, Integer> counts = new EnumMap<>(OpStatus.class);
    private final List<String> messages = new ArrayList<>();
    private int repeated;

    private UploadApplier(WriteStore store, Function<UploadOp, byte[]> hash) {
        this.store = store;
        this.hash = hash;
    }

    /**
     * Requires that nobody else applies uploads of this outlet at the time.
     *
     * @param hash of what an op does
     * @param receivedUs when the broker took the upload
     * @param refusal why nothing of this outlet is applied; empty if it may write
     */
    public static Outcome apply(
            Upload upload,
            long receivedUs,
            Optional<Refusal> refusal,
            WriteStore store,
            Function<UploadOp, byte[]> hash) {
        UploadApplier applier = new UploadApplier(store, hash);
        applier.apply(upload, receivedUs, refusal);
        return new Outcome(applier.counts, applier.repeated, applier.messages);
    }

    private void apply(Upload upload, long receivedUs, Optional<Refusal> refusal) {
        List<UploadGroup> fresh = fresh(upload);
        Function<UploadOp, EffectiveTime> times = op -> EffectiveTime.of(atUs(op), upload.sentAtUs(), receivedUs);
        for (List<UploadOp> set :
                ConnectedSets.of(fresh, table -> store.definition(table).map(WriteDefinition::table))) {
            if (refusal.isPresent()) {
                set.forEach(op -> add(failed(op, refusal.get(), times.apply(op))));
            } else {
                apply(set, times);
            }
        }
    }

    /** What the ledger does not have yet. An op whose id it has with another content was made by somebody else, and is told of. */
    private List<UploadGroup> fresh(Upload upload) {
        List<UUID> ids = new ArrayList<>();
        upload.groups().forEach(group -> group.ops().forEach(op -> ids.add(op.id())));
        Map<UUID, byte[]> known = new HashMap<>(store.ledgered(ids));
        List<UploadGroup> fresh = new ArrayList<>();
        for (UploadGroup group : upload.groups()) {
            List<UploadOp> ops = new ArrayList<>();
            for (UploadOp op : group.ops()) {
                byte[] mine = hash.apply(op);
                byte[] other = known.putIfAbsent(op.id(), mine);
                if (other == null) {
                    ops.add(op);
                    groups.put(op.id(), group);
                } else if (Arrays.equals(mine, other)) {
                    repeated++;
                } else {
                    messages.add("op " + op.id() + " on " + op.table()
                            + " has the id of another op and was not applied: two files send as one outlet");
                }
            }
            if (!ops.isEmpty()) {
                fresh.add(new UploadGroup(group.number(), group.atUs(), ops));
            }
        }
        return fresh;
    }

    private void apply(List<UploadOp> set, Function<UploadOp, EffectiveTime> times) {
        OpSet attempt = new OpSet(store);
        List<OpResult> results = new ArrayList<>();
        store.begin();
        UploadOp current = set.get(0);
        try {
            for (UploadOp op : set) {
                current = op;
                results.add(attempt.apply(op, atUs(op), times.apply(op)));
            }
            attempt.finish();
        } catch (RefusedException e) {
            store.undo();
            results.clear();
            UUID culprit = attempt.isFinishing() ? attempt.culprit(set) : current.id();
            for (UploadOp op : set) {
                Refusal own = op.id().equals(culprit)
                        ? e.refusal()
                        : Refusal.of(
                                DEPENDS,
                                "It belongs together with another change that could not be saved: "
                                        + e.refusal().reason());
                results.add(failed(op, own, times.apply(op)));
            }
        }
        results.forEach(this::add);
    }

    private OpResult failed(UploadOp op, Refusal refusal, EffectiveTime time) {
        return new OpResult(op, op.key(), OpStatus.FAILED, Optional.of(refusal), atUs(op), time);
    }

    private void add(OpResult result) {
        store.record(result);
        counts.merge(result.status(), 1, Integer::sum);
    }

    private long atUs(UploadOp op) {
        UploadGroup group = groups.get(op.id());
        if (group == null) {
            throw new IllegalStateException("op " + op.id() + " is in no group");
        }
        return group.atUs();
    }
}
