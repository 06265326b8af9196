package dev.warung.core.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the parts of uploads together again. An outlet sends the parts of one upload one after the other; when it dies in between, it sends
 * all of them again, or another upload.
 *
 * <p>Thread: one. One object for each topic.
 */
public final class UploadParts {

    private final List<Upload> held = new ArrayList<>();

    /** Takes the next record; gives the upload when this was its last part. */
    public Optional<Upload> add(Upload next) {
        if (next.parts() == 1) {
            held.clear();
            return Optional.of(next);
        }
        if (next.part() == 1) {
            held.clear();
        } else if (!continues(next)) {
            // A part of an upload whose beginning was never seen, or seen twice: the whole comes again.
            return Optional.empty();
        }
        held.add(next);
        if (next.part() < next.parts()) {
            return Optional.empty();
        }
        Upload whole = joined();
        held.clear();
        return Optional.of(whole);
    }

    /** Whether parts are waiting for the rest. */
    public boolean isWaiting() {
        return !held.isEmpty();
    }

    /** How many parts wait for the rest. */
    public int gathered() {
        return held.size();
    }

    private boolean continues(Upload next) {
        if (held.isEmpty()) {
            return false;
        }
        Upload last = held.get(held.size() - 1);
        return last.id().equals(next.id()) && last.part() + 1 == next.part() && last.parts() == next.parts();
    }

    private Upload joined() {
        List<UploadGroup> groups = new ArrayList<>();
        for (Upload part : held) {
            for (UploadGroup group : part.groups()) {
                int last = groups.size() - 1;
                if (last >= 0
                        && groups.get(last).number() == group.number()
                        && groups.get(last).atUs() == group.atUs()) {
                    List<UploadOp> ops = new ArrayList<>(groups.get(last).ops());
                    ops.addAll(group.ops());
                    groups.set(last, new UploadGroup(group.number(), group.atUs(), ops));
                } else {
                    groups.add(group);
                }
            }
        }
        Upload first = held.get(0);
        return Upload.whole(first.id(), first.sender(), first.sentAtUs(), groups);
    }
}
