package dev.warung.stack.retail;

import java.util.List;
import java.util.Random;

/** What happens in the shops, and how often. */
final class Activities {
    private record Weighted(int weight, Activity activity) {}

    private static final List<Weighted> ALL = List.of(
            new Weighted(62, Sales::sell),
            new Weighted(5, Sales::refund),
            new Weighted(3, Sales::draft),
            new Weighted(1, Sales::deleteDrafts),
            new Weighted(8, Products::changePrice),
            new Weighted(2, Products::add),
            new Weighted(3, Products::edit),
            new Weighted(5, Warehouse::restock),
            new Weighted(2, Warehouse::adjust),
            new Weighted(4, Customers::join),
            new Weighted(4, Customers::collectPoints),
            new Weighted(1, Customers::forget));
    private static final int TOTAL = ALL.stream().mapToInt(Weighted::weight).sum();

    private Activities() {}

    static Activity pick(Random random) {
        int left = random.nextInt(TOTAL);
        for (Weighted candidate : ALL) {
            left -= candidate.weight();
            if (left < 0) {
                return candidate.activity();
            }
        }
        throw new IllegalStateException("weights do not add up");
    }
}
