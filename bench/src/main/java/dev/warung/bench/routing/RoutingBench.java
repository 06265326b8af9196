package dev.warung.bench.routing;

import dev.warung.bench.Machine;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.replicator.routing.match.ReplicaRows;
import dev.warung.replicator.routing.match.RoutedShape;
import dev.warung.replicator.routing.match.RoutingIndex;
import dev.warung.replicator.routing.match.ShapeInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many changes a second find their shape instances, with few and with many of them. It runs on one thread, as the router does, without
 * Kafka; the sink counts.
 */
public final class RoutingBench {

    private static final String[] WORDS = {
        "kopi", "teh", "gula", "beras", "minyak", "susu", "roti", "sabun", "telur", "garam", "tepung", "kecap"
    };
    /** Coprime to all numbers of instances that anybody would choose, so that neighbours in time are none in the index. */
    private static final long STRIDE = 7_919;

    private final RoutingOptions options;
    private final Consumer<String> progress;

    private RoutingBench(RoutingOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** @param progress told what is being done, for a person who waits */
    public static RoutingReport run(RoutingOptions options, Machine machine, Consumer<String> progress) {
        return new RoutingReport(options, machine, new RoutingBench(options, progress).run());
    }

    /** All cases stand side by side and take turns, so that no run has a virtual machine that has seen less. */
    private List<RoutingReport.Line> run() {
        List<RoutingCase> cases = new ArrayList<>();
        for (int count : options.instances()) {
            cases.add(equality(count));
        }
        int most =
                options.instances().stream().mapToInt(Integer::intValue).max().orElse(1);
        cases.add(subSelect(most));
        cases.add(range(most));
        cases.add(pattern("nama LIKE :p", "nama like :p"));
        cases.add(pattern("nama ILIKE :p", "nama ilike :p"));
        for (int run = 0; run <= options.runs(); run++) {
            boolean isMeasured = run > 0;
            progress.accept(isMeasured ? "run " + run + " of " + options.runs() : "warming up");
            cases.forEach(one -> one.run(options.length(), isMeasured));
        }
        return cases.stream().map(RoutingCase::line).toList();
    }

    private RoutingCase equality(int count) {
        RoutedShape shape = OrderTables.shape(
                OrderTables.ORDERS,
                List.of("branch"),
                "branch_id = :branch and created_at > timestamptz '2025-01-01 00:00:00+00'");
        return made(
                new RoutingCase.Kind("branch_id = :branch AND created_at > …", count, RoutingCase.Touch.OWN),
                ReplicaRows.NONE,
                shape,
                i -> List.of(String.valueOf(i)),
                new Changes(OrderTables.ORDERS, i -> order(i, branch(i, count)), 6, 1, i -> target(i, count, "")));
    }

    /** One order for each branch; the items of other orders come and go. */
    private RoutingCase subSelect(int count) {
        RoutedShape shape = OrderTables.shape(
                OrderTables.ITEMS, List.of("branch"), "order_id in (select id from orders where branch_id = :branch)");
        ReplicaRows orders = new ReplicaRows() {
            @Override
            public void all(TableSchema table, Consumer<@Nullable Object[]> reader) {
                for (long i = 0; i < count; i++) {
                    reader.accept(new Object[] {i, i, i, "kopi", "1.00", "baru", "", 1L, "", ""});
                }
            }

            @Override
            public void having(TableSchema table, Column column, Object value, Consumer<@Nullable Object[]> reader) {
                throw new IllegalStateException("orders do not change here");
            }
        };
        return made(
                new RoutingCase.Kind("order_id IN (SELECT … WHERE branch_id = :branch)", count, RoutingCase.Touch.OWN),
                orders,
                shape,
                i -> List.of(String.valueOf(i)),
                new Changes(
                        OrderTables.ITEMS,
                        i -> new String[] {
                            String.valueOf(i), String.valueOf(branch(i, count)), "17", String.valueOf(i % 9), "12500.00"
                        },
                        3,
                        1,
                        i -> target(i, count, "")));
    }

    private RoutingCase range(int count) {
        RoutedShape shape =
                OrderTables.shape(OrderTables.ORDERS, List.of("low", "high"), "total >= :low and total < :high");
        return made(
                new RoutingCase.Kind("total >= :low AND total < :high", count, RoutingCase.Touch.OWN),
                ReplicaRows.NONE,
                shape,
                i -> List.of(String.valueOf(i), String.valueOf(i + 1)),
                new Changes(
                        OrderTables.ORDERS,
                        i -> {
                            String[] row = order(i, 1);
                            row[4] = branch(i, count) + ".50";
                            return row;
                        },
                        6,
                        4,
                        i -> target(i, count, ".50")));
    }

    /** Different patterns, of which few match. */
    private RoutingCase pattern(String name, String clause) {
        RoutedShape shape = OrderTables.shape(OrderTables.ORDERS, List.of("p"), clause);
        return made(
                new RoutingCase.Kind(name, options.clauses(), RoutingCase.Touch.ANY),
                ReplicaRows.NONE,
                shape,
                i -> List.of("%" + WORDS[i % WORDS.length] + "%" + i + "%"),
                new Changes(OrderTables.ORDERS, i -> order(i, 1), 6, 3, i -> order(i + 1, 1)[3]));
    }

    private RoutingCase made(
            RoutingCase.Kind kind,
            ReplicaRows replica,
            RoutedShape shape,
            IntFunction<List<String>> values,
            Changes changes) {
        progress.accept(kind.name() + ": " + kind.instances() + " instances");
        long before = usedBytes();
        RoutingIndex index = new RoutingIndex(replica);
        for (int i = 0; i < kind.instances(); i++) {
            index.add(new ShapeInstance(i, shape, values.apply(i)));
        }
        index.load();
        return new RoutingCase(kind, index, changes, usedBytes() - before);
    }

    private static long branch(int i, int count) {
        return i * STRIDE % count;
    }

    /** Where a row of the place of number i moves to; if there is one place only, away from it. */
    private static String target(int i, int count, String suffix) {
        return (count == 1 ? 1 : branch(i + 1, count)) + suffix;
    }

    private static String[] order(int i, long branch) {
        String nama = WORDS[i % 12] + " " + WORDS[i / 12 % 12] + " no. " + i % 1000 + " isi " + i % 7;
        return new String[] {
            String.valueOf(i),
            String.valueOf(branch),
            String.valueOf(i % 5000),
            nama,
            i % 900 + "500.00",
            i % 3 == 0 ? "baru" : "selesai",
            "catatan " + i,
            i % 2 == 0 ? "t" : "f",
            "2026-01-02 03:04:05." + (100_000 + i % 800_000) + "+00",
            "2026-01-02 03:04:06." + (100_000 + i % 800_000) + "+00"
        };
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
