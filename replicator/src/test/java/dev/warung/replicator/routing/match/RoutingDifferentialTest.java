package dev.warung.replicator.routing.match;

import static dev.warung.replicator.routing.match.Shop.ITEMS;
import static dev.warung.replicator.routing.match.Shop.ORDERS;
import static dev.warung.replicator.routing.match.Shop.STORES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random shapes, instances and changes; after each change every instance holds what evaluating its clause on every row says. To replay a
 * failure: {@code -Drouting.seed=N -Drouting.seeds=1}.
 */
class RoutingDifferentialTest {

    private static final int CHANGES = Integer.getInteger("routing.changes", 120);

    private static final Map<TableSchema, List<String>> CLAUSES = Map.of(
            STORES,
            List.of(
                    "",
                    "tenant = :t",
                    "id = :s",
                    "open and tenant = :t",
                    "region = :p",
                    "region is null",
                    "tenant in (select store_id from orders where nama = :p)",
                    "id in (select tenant from stores where region = :p)",
                    "id not in (select tenant from stores where region = :p)"),
            ORDERS,
            List.of(
                    "",
                    "store_id = :s",
                    "store_id = :s and total > 10",
                    "store_id = :s and to_store = :t",
                    "store_id = :s and to_store = :s",
                    "store_id = :s or to_store = :s",
                    "(store_id = :s or to_store = :t) and total < 20",
                    "store_id in (:s, :t)",
                    "total >= :lo and total < :hi",
                    "total between :lo and :hi and nama is not null",
                    "total > :lo",
                    "total <= :hi and store_id = :s",
                    "total = :lo",
                    "total = :lo and nama = :p",
                    "total::text = :lo",
                    "nama like :p",
                    "nama ilike :p and store_id = :s",
                    "lower(nama) = :p",
                    "nama = :p and created_at > :c",
                    "created_at > :c",
                    "created_at >= :c and created_at + interval '1 day' < :c",
                    "100 / store_id > 20 and to_store = :s",
                    "to_store <> 0 and 6 / to_store = :s",
                    "store_id in (select id from stores where tenant = :t)",
                    "store_id in (select id from stores where tenant = :t and open)",
                    "store_id in (select id from stores where tenant = :t and region = :p)",
                    "store_id in (select id from stores where tenant = :t) and total > :lo",
                    "store_id in (select id from stores where tenant = :t) and to_store = :s",
                    "store_id in (select id from stores where tenant < :t)",
                    "store_id not in (select id from stores where tenant = :t)",
                    "store_id not in (select tenant from stores where region = :p)",
                    "store_id not in (select tenant from stores where region like :p)",
                    "store_id in (select tenant from stores where region = :p) is not true",
                    "store_id in (select id from stores)",
                    "store_id in (select id from stores where open) and to_store = :s",
                    "to_store not in (select tenant from stores)",
                    "store_id in (select id from stores where open) or nama = :p",
                    "store_id in (select id from stores where tenant = :t) or to_store in (select id from stores where tenant = :t)",
                    "store_id in (select id from stores where tenant = :t) and to_store in (select id from stores where open)",
                    "to_store in (select store_id from orders where nama = :p)",
                    "to_store not in (select store_id from orders where nama = :p)",
                    "to_store in (select store_id from orders where total > :lo)",
                    "total in (select total from orders where nama = :p)",
                    "nama in (select region from stores where tenant = :t)",
                    "not (store_id = :s) and (nama = :p or total is null)"),
            ITEMS,
            List.of(
                    "",
                    "qty = :s",
                    "rate = :f",
                    "rate < :f or rate is null",
                    "order_id in (select id from orders where store_id = :s)",
                    "order_id in (select id from orders where store_id = :s and nama is not null)",
                    "order_id in (select id from orders where total >= :lo)",
                    "order_id not in (select id from orders where store_id = :s)",
                    "order_id in (select id from orders where store_id = :s or to_store = :s)",
                    "qty in (select tenant from stores) and order_id in (select id from orders where store_id = :s)"));

    private static final Map<String, List<String>> VALUES = Map.of(
            "s", List.of("0", "1", "2", "3", "4", "5"),
            "t", List.of("1", "2", "3", " 2"),
            "p", List.of("a", "A", "b", "a%", "%b", "_", "timur", "t%"),
            "lo", List.of("5", "5.0", "12.50", "20", "0"),
            "hi", List.of("5", "15", "20.00", "100"),
            "c", List.of("2026-01-01", "2026-01-02 03:04:05+00", "2026-02-01"),
            "f", List.of("0", "-0", "1.5", "NaN"));

    private Random random = new Random(0);
    private ShopRows rows = new ShopRows();
    private RoutingIndex index = new RoutingIndex(rows);
    private Model model = new Model(rows);
    private Holdings holdings = new Holdings();
    private List<RoutedShape> shapes = List.of();
    private int lastNumber;

    static LongStream seeds() {
        long first = Long.getLong("routing.seed", 1);
        return LongStream.range(first, first + Long.getLong("routing.seeds", 12));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyInstanceHoldsWhatItsClauseSays(long seed) {
        begin(seed);
        for (int i = 0; i < CHANGES; i++) {
            holdings.next();
            step();
            check("seed " + seed + ", change " + i);
        }
    }

    private void begin(long seed) {
        random = new Random(seed);
        rows = new ShopRows();
        index = new RoutingIndex(rows);
        model = new Model(rows);
        holdings = new Holdings();
        List<RoutedShape> made = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            made.add(shape("shape" + i));
        }
        shapes = made;
        for (int i = 0; i < 25; i++) {
            TableSchema table = pick(Shop.ALL);
            rows.put(table, row(table, i % 10));
        }
        for (int i = 0; i < 25; i++) {
            addInstance();
        }
    }

    private RoutedShape shape(String name) {
        List<RoutedShape.Table> tables = new ArrayList<>();
        for (TableSchema table : Shop.ALL) {
            if (random.nextInt(3) > 0) {
                String clause = pick(CLAUSES.get(table));
                String[] columns = random.nextBoolean()
                        ? new String[0]
                        : new String[] {"id", table.columns().get(2).name()};
                tables.add(Shop.of(table, clause.isEmpty() ? null : clause, columns));
            }
        }
        List<String> parameters = tables.stream()
                .flatMap(table -> table.where().stream())
                .flatMap(where -> where.parameters().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        return new RoutedShape(name, parameters, tables);
    }

    private void step() {
        int kind = random.nextInt(100);
        if (kind < 4) {
            addInstance();
        } else if (kind < 8) {
            removeInstance();
        } else if (kind < 10) {
            index.forgetInnerRows();
        } else if (kind < 12) {
            TableSchema table = pick(Shop.ALL);
            index.truncate(table.topic(), holdings);
            rows.clear(table);
        } else {
            change();
        }
    }

    private void addInstance() {
        RoutedShape shape = pick(shapes);
        List<String> values =
                shape.parameters().stream().map(p -> pick(VALUES.get(p))).toList();
        ShapeInstance instance = new ShapeInstance(++lastNumber, shape, values);
        index.add(instance);
        List<Map<Object, List<@Nullable Object>>> held = new ArrayList<>();
        for (int i = 0; i < shape.tables().size(); i++) {
            held.add(model.holding(instance, i));
        }
        holdings.begin(instance, held);
    }

    private void removeInstance() {
        List<ShapeInstance> all = List.copyOf(index.instances());
        if (!all.isEmpty()) {
            int number = pick(all).number();
            index.remove(number);
            holdings.end(number);
        }
    }

    private void change() {
        TableSchema table = pick(Shop.ALL);
        long key = random.nextInt(12);
        @Nullable Object @Nullable [] before = rows.get(table, key);
        if (before != null && random.nextInt(4) == 0) {
            index.route(table.topic(), before, null, holdings);
            rows.remove(table, key);
            return;
        }
        @Nullable Object[] after = row(table, key);
        for (int i = 1; before != null && i < after.length; i++) {
            after[i] = random.nextInt(3) > 0 ? before[i] : after[i];
        }
        index.route(table.topic(), before == null ? null : before.clone(), after, holdings);
        rows.put(table, after);
    }

    private void check(String place) {
        checkHolders(place);
        for (ShapeInstance instance : index.instances()) {
            for (int i = 0; i < instance.shape().tables().size(); i++) {
                RoutedShape.Table table = instance.shape().tables().get(i);
                Map<Object, List<@Nullable Object>> expected = model.holding(instance, i);
                assertThat(holdings.of(instance, i))
                        .as("%s: %s, table %s", place, instance, table.schema().id())
                        .isEqualTo(expected);
                for (@Nullable Object[] row : rows.rows(table.schema())) {
                    assertThat(index.takes(instance, i, row))
                            .as("%s: whether %s takes %s", place, instance, row[0])
                            .isEqualTo(expected.containsKey(row[0]));
                }
            }
        }
    }

    private void checkHolders(String place) {
        for (RoutedShape shape : shapes) {
            for (int i = 0; i < shape.tables().size(); i++) {
                int table = i;
                for (@Nullable Object[] row : rows.rows(shape.tables().get(i).schema())) {
                    List<Integer> found = new ArrayList<>();
                    index.holders(shape, i, row, instance -> found.add(instance.number()));
                    List<Integer> expected = index.instances().stream()
                            .filter(instance -> instance.shape() == shape && index.takes(instance, table, row))
                            .map(ShapeInstance::number)
                            .toList();
                    assertThat(found).as(place).containsExactlyInAnyOrderElementsOf(expected);
                }
            }
        }
    }

    private @Nullable Object[] row(TableSchema table, long key) {
        if (table.equals(STORES)) {
            return new Object[] {key, number(3), text(), (long) random.nextInt(2)};
        }
        if (table.equals(ITEMS)) {
            return new Object[] {key, number(12), number(5), pick(List.of("-0", "NaN", 1.5, 0.0, 2.0))};
        }
        return new Object[] {
            key,
            number(6),
            number(6),
            orNull(pick(List.of("5", "5.00", "12.5", "20.00", "7.1", "0"))),
            text(),
            orNull(pick(List.of("2026-01-01 00:00:00+00", "2026-01-02 03:04:05+00", "2026-01-15 00:00:00+00"))),
            text()
        };
    }

    private @Nullable Object number(int most) {
        return orNull((long) random.nextInt(most + 1));
    }

    private @Nullable Object text() {
        return orNull(pick(List.of("a", "A", "b", "ab", "timur", "")));
    }

    private @Nullable Object orNull(Object value) {
        return random.nextInt(8) == 0 ? null : value;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
