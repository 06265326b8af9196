package dev.warung.replicator.routing.match;

import java.util.Arrays;
import java.util.function.Predicate;

/** Groups that were found; each once. It is used again and again, so that a search allocates nothing. */
final class Matches {

    private static final int SIZE = 16;

    private final Stamps stamps;
    private Group[] groups = new Group[SIZE];
    private int count;
    private int search;

    Matches(Stamps stamps) {
        this.stamps = stamps;
    }

    /** Begins a new search; no other of the same index may be going on. */
    void clear() {
        Arrays.fill(groups, 0, Math.min(count, SIZE), null);
        count = 0;
        search = stamps.next();
    }

    void add(Group group) {
        if (group.found == search) {
            return;
        }
        group.found = search;
        if (count == groups.length) {
            groups = Arrays.copyOf(groups, count * 2);
        }
        groups[count++] = group;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int size() {
        return count;
    }

    Group get(int i) {
        return groups[i];
    }

    void retain(Predicate<Group> kept) {
        int last = 0;
        for (int i = 0; i < count; i++) {
            if (kept.test(groups[i])) {
                groups[last++] = groups[i];
            }
        }
        count = last;
    }
}
