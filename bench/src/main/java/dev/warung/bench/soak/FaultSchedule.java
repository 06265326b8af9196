package dev.warung.bench.soak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Which faults come, when, and for how long: an endless list of groups that depends on the seed alone. Faults of a group overlap. Each kind
 * comes once, in random order, before the weights rule.
 *
 * <p>Thread: one.
 */
final class FaultSchedule {
    private static final int GROUP_MAX = 3;
    private static final int SPREAD_MS = 2500;
    private static final int WEIGHTS =
            Arrays.stream(FaultKind.values()).mapToInt(FaultKind::weight).sum();

    private final Random random;
    private final Deque<FaultKind> first;

    FaultSchedule(long seed) {
        this.random = new Random(seed);
        List<FaultKind> all = new ArrayList<>(List.of(FaultKind.values()));
        Collections.shuffle(all, random);
        this.first = new ArrayDeque<>(all);
    }

    /** One to three faults of different parts, by their beginning; one that needs peace comes alone. */
    List<PlannedFault> next() {
        List<PlannedFault> group = new ArrayList<>();
        int size = 1 + random.nextInt(GROUP_MAX);
        while (group.size() < size) {
            FaultKind kind = first.isEmpty() ? weighted() : first.peek();
            if (!fits(kind, group)) {
                break;
            }
            first.poll();
            int lasts = kind.shortestMs() + random.nextInt(kind.longestMs() - kind.shortestMs() + 1);
            group.add(new PlannedFault(kind, random.nextInt(SPREAD_MS), lasts));
            if (kind.isAlone()) {
                break;
            }
        }
        group.sort((a, b) -> Integer.compare(a.beginsMs(), b.beginsMs()));
        return List.copyOf(group);
    }

    private static boolean fits(FaultKind kind, List<PlannedFault> group) {
        boolean isFree = group.stream().noneMatch(fault -> fault.kind().part() == kind.part());
        return group.isEmpty() || isFree && !kind.isAlone();
    }

    private FaultKind weighted() {
        int drawn = random.nextInt(WEIGHTS);
        for (FaultKind kind : FaultKind.values()) {
            drawn -= kind.weight();
            if (drawn < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }
}
