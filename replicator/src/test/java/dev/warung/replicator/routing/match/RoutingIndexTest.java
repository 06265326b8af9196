package dev.warung.replicator.routing.match;

import static dev.warung.replicator.routing.match.Shop.ITEMS;
import static dev.warung.replicator.routing.match.Shop.ORDERS;
import static dev.warung.replicator.routing.match.Shop.STORES;
import static dev.warung.replicator.routing.match.Shop.item;
import static dev.warung.replicator.routing.match.Shop.order;
import static dev.warung.replicator.routing.match.Shop.shape;
import static dev.warung.replicator.routing.match.Shop.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.problem.WhereException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutingIndexTest {

    private final ShopRows rows = new ShopRows();
    private final RoutingIndex index = new RoutingIndex(rows);
    private final List<String> told = new ArrayList<>();
    private final RoutingSink sink = new RoutingSink() {
        @Override
        public void enters(ShapeInstance instance, int table, @Nullable Object[] row) {
            told.add("enters " + instance.number() + " " + table + " " + row[0]);
        }

        @Override
        public void stays(ShapeInstance instance, int table, @Nullable Object[] row) {
            told.add("stays " + instance.number() + " " + table + " " + row[0]);
        }

        @Override
        public void leaves(ShapeInstance instance, int table, @Nullable Object[] row) {
            told.add("leaves " + instance.number() + " " + table + " " + row[0]);
        }

        @Override
        public void truncated(ShapeInstance instance, int table) {
            told.add("truncated " + instance.number() + " " + table);
        }
    };

    /** Routes what takes a row from what it was to this, and applies it. */
    private List<String> put(TableSchema table, @Nullable Object[] row) {
        told.clear();
        index.route(table.topic(), rows.get(table, java.util.Objects.requireNonNull(row[0])), row, sink);
        rows.put(table, row);
        return told;
    }

    private List<String> delete(TableSchema table, long key) {
        told.clear();
        index.route(table.topic(), rows.get(table, key), null, sink);
        rows.remove(table, key);
        return told;
    }

    private void add(RoutedShape shape, String... values) {
        index.add(new ShapeInstance(index.instances().size() + 1, shape, List.of(values)));
    }

    private static RoutedShape byStore() {
        return shape("store", List.of("store"), Shop.of(ORDERS, "store_id = :store", "id", "store_id", "nama"));
    }

    @Test
    void aRowGoesFromOneInstanceToAnother() {
        RoutedShape shape = byStore();
        add(shape, "1");
        add(shape, "2");

        assertThat(put(ORDERS, order(7, 1L, "Kopi"))).containsExactly("enters 1 0 7");
        assertThat(put(ORDERS, order(7, 1L, "Teh"))).containsExactly("stays 1 0 7");
        assertThat(put(ORDERS, order(7, 2L, "Teh"))).containsExactly("enters 2 0 7", "leaves 1 0 7");
        assertThat(put(ORDERS, order(7, null, "Teh"))).containsExactly("leaves 2 0 7");
        assertThat(put(ORDERS, order(7, 3L, "Teh"))).isEmpty();
        assertThat(delete(ORDERS, 7)).isEmpty();
    }

    @Test
    void aChangeOfOtherColumnsIsNotTold() {
        add(byStore(), "1");
        put(ORDERS, order(7, 1L, "Kopi"));
        @Nullable Object[] noted = order(7, 1L, "Kopi");
        noted[6] = "later";

        assertThat(put(ORDERS, noted)).isEmpty();
        assertThat(put(ORDERS, noted.clone())).isEmpty();
        assertThat(delete(ORDERS, 7)).containsExactly("leaves 1 0 7");
    }

    @Test
    void aColumnThatIsTestedNeedNotBeSelected() {
        add(shape("named", List.of("n"), Shop.of(ORDERS, "nama = :n", "id")), "Kopi");

        assertThat(put(ORDERS, order(7, 1L, "Kopi"))).containsExactly("enters 1 0 7");
        assertThat(put(ORDERS, order(7, 2L, "Kopi"))).isEmpty();
        assertThat(put(ORDERS, order(7, 2L, "Teh"))).containsExactly("leaves 1 0 7");
    }

    @Test
    void instancesComeAndGo() {
        RoutedShape shape = byStore();
        add(shape, "1");
        add(shape, "1");
        add(shape, " 01 ");
        assertThat(put(ORDERS, order(7, 1L, "Kopi"))).containsExactly("enters 1 0 7", "enters 2 0 7", "enters 3 0 7");

        index.remove(2);
        assertThat(put(ORDERS, order(7, 1L, "Teh"))).containsExactly("stays 1 0 7", "stays 3 0 7");

        index.remove(1);
        index.remove(3);
        assertThat(put(ORDERS, order(7, 1L, "Kopi"))).isEmpty();
        assertThat(index.reads(ORDERS.topic())).isFalse();
    }

    @Test
    void aValueOfAnotherTypeIsRefusedAndChangesNothing() {
        RoutedShape shape = shape(
                "both",
                List.of("p"),
                Shop.of(STORES, "region = :p"),
                Shop.of(ORDERS, "store_id = :p"),
                Shop.of(ITEMS, null));

        assertThatThrownBy(() -> add(shape, "timur"))
                .isInstanceOf(WhereException.class)
                .hasMessageContaining("parameter p: invalid input syntax for type integer: \"timur\"");
        assertThat(put(STORES, store(1, 1L, "timur", true))).isEmpty();
        assertThat(put(ITEMS, item(1, 1L, 1))).isEmpty();
        assertThat(index.instances()).isEmpty();
    }

    @Test
    void aNumberIsTakenOnce() {
        RoutedShape shape = byStore();
        index.add(new ShapeInstance(1, shape, List.of("1")));

        assertThatThrownBy(() -> index.add(new ShapeInstance(1, shape, List.of("2"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsOfAnOuterTableFollowTheInnerOne() {
        RoutedShape shape = shape(
                "store",
                List.of("store"),
                Shop.of(ORDERS, "store_id = :store"),
                Shop.of(ITEMS, "order_id in (select id from orders where store_id = :store)"));
        add(shape, "1");
        add(shape, "2");
        put(ORDERS, order(7, 1L, "Kopi"));

        assertThat(put(ITEMS, item(70, 7L, 1))).containsExactly("enters 1 1 70");
        assertThat(put(ITEMS, item(71, 7L, 1))).containsExactly("enters 1 1 71");
        assertThat(put(ITEMS, item(72, 8L, 1))).isEmpty();
        assertThat(put(ORDERS, order(7, 2L, "Kopi")))
                .containsExactlyInAnyOrder(
                        "enters 2 0 7",
                        "leaves 1 0 7",
                        "leaves 1 1 70",
                        "enters 2 1 70",
                        "leaves 1 1 71",
                        "enters 2 1 71");
        assertThat(put(ITEMS, item(70, 8L, 1))).containsExactly("leaves 2 1 70");
        assertThat(put(ORDERS, order(8, 1L, "Teh"))).containsExactly("enters 1 0 8", "enters 1 1 70", "enters 1 1 72");
        assertThat(delete(ORDERS, 7)).containsExactly("leaves 2 0 7", "leaves 2 1 71");
    }

    @Test
    void anInstanceThatComesLateKnowsTheInnerRows() {
        RoutedShape shape = shape(
                "store",
                List.of("store"),
                Shop.of(ITEMS, "order_id in (select id from orders where store_id = :store)"));
        rows.put(ORDERS, order(7, 1L, "Kopi"));
        add(shape, "2");
        put(ORDERS, order(8, 1L, "Kopi"));
        add(shape, "1");
        ShapeInstance late = new ShapeInstance(2, shape, List.of("1"));

        assertThat(index.takes(late, 0, item(70, 7L, 1))).isTrue();
        assertThat(put(ITEMS, item(71, 8L, 1))).containsExactly("enters 2 0 71");
        assertThat(index.takes(late, 0, item(72, 9L, 1))).isFalse();
    }

    @Test
    void truncateOfAnInnerTableEmptiesTheOuterOne() {
        RoutedShape shape = shape(
                "store",
                List.of("store"),
                Shop.of(ORDERS, "store_id = :store"),
                Shop.of(ITEMS, "order_id in (select id from orders where store_id = :store)"));
        add(shape, "1");
        put(ORDERS, order(7, 1L, "Kopi"));
        put(ITEMS, item(70, 7L, 1));
        put(ITEMS, item(71, 8L, 1));
        told.clear();

        index.truncate(ORDERS.topic(), sink);

        assertThat(told).containsExactly("truncated 1 0", "leaves 1 1 70");
        rows.clear(ORDERS);
        assertThat(put(ITEMS, item(72, 7L, 1))).isEmpty();
    }

    @Test
    void whatFailsIsOutsideAndCounted() {
        RoutedShape shape = shape("share", List.of("s"), Shop.of(ORDERS, "to_store = :s and 100 / store_id > 3"));
        add(shape, "5");
        @Nullable Object[] row = order(7, 0L, "Kopi");
        row[2] = 5L;

        assertThat(put(ORDERS, row)).isEmpty();
        assertThat(index.failures()).singleElement().satisfies(failed -> {
            assertThat(failed.shape()).isSameAs(shape);
            assertThat(failed.table()).isEqualTo(ORDERS.id());
            assertThat(failed.count()).isEqualTo(1);
            assertThat(failed.message()).isEqualTo("division by zero");
        });
        @Nullable Object[] sound = row.clone();
        sound[1] = 4L;
        assertThat(put(ORDERS, sound)).containsExactly("enters 1 0 7");
    }

    @Test
    void whatAnotherPartOfTheClauseForbidsDoesNotCountAsFailed() {
        add(shape("guarded", List.of("s"), Shop.of(ORDERS, "store_id <> 0 and 100 / store_id = :s")), "5");

        assertThat(put(ORDERS, order(7, 0L, "Kopi"))).isEmpty();
        assertThat(put(ORDERS, order(8, 20L, "Kopi"))).containsExactly("enters 1 0 8");
        assertThat(index.failures()).isEmpty();
    }

    @Test
    void afterARollBackTheInnerRowsAreReadAgain() {
        RoutedShape shape = shape(
                "store",
                List.of("store"),
                Shop.of(ITEMS, "order_id in (select id from orders where store_id = :store)"));
        add(shape, "1");
        index.route(ORDERS.topic(), null, order(7, 1L, "Kopi"), sink);

        index.forgetInnerRows();

        assertThat(put(ITEMS, item(70, 7L, 1))).isEmpty();
        assertThat(put(ORDERS, order(7, 1L, "Kopi"))).containsExactly("enters 1 0 70");
    }
}
