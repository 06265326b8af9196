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
    private static final int GROUP_MAX = 4;
    private static final int TRIES = 8;
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

    /** One to four faults of different parts, by their beginning; one that needs peace comes alone. */
    List<PlannedFault> next() {
        List<PlannedFault> group = new ArrayList<>();
        int size = 1 + random.nextInt(GROUP_MAX);
        for (int tries = 0; group.size() < size && tries < TRIES; tries++) {
            boolean isFirst = !first.isEmpty();
            FaultKind kind = isFirst ? first.peek() : weighted();
            if (fits(kind, group)) {
                first.poll();
                group.add(new PlannedFault(kind, random.nextInt(SPREAD_MS), lasts(kind)));
            } else if (isFirst) {
                break;
            }
        }
        group.sort((a, b) -> Integer.compare(a.beginsMs(), b.beginsMs()));
        return List.copyOf(group);
    }

    /** Short ones more often than long ones. */
    private int lasts(FaultKind kind) {
        double share = random.nextDouble();
        return kind.shortestMs() + (int) (share * share * (kind.longestMs() - kind.shortestMs()));
    }

    private static boolean fits(FaultKind kind, List<PlannedFault> group) {
        boolean isFree = group.stream()
                .noneMatch(fault -> fault.kind().isAlone() || fault.kind().part() == kind.part());
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
