package dev.warung.replicator.routing.match;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables to route: stores, their orders, and items of orders. */
final class Shop {

    static final TableSchema STORES =
            table("stores", "id:int4:integer", "tenant:int4:integer", "region:text:text", "open:bool:boolean");

    static final TableSchema ORDERS = table(
            "orders",
            "id:int8:bigint",
            "store_id:int4:integer",
            "to_store:int4:integer",
            "total:numeric:numeric",
            "nama:text:text",
            "created_at:timestamptz:timestamp with time zone",
            "note:text:text");

    static final TableSchema ITEMS = table(
            "items", "id:int8:bigint", "order_id:int8:bigint", "qty:int4:integer", "rate:float8:double precision");

    static final List<TableSchema> ALL = List.of(STORES, ORDERS, ITEMS);

    private Shop() {}

    private static TableSchema table(String name, String... described) {
        List<Column> columns = new ArrayList<>();
        for (String column : described) {
            String[] parts = column.split(":");
            columns.add(new Column(
                    columns.size() + 1,
                    parts[0],
                    parts[2],
                    PgValues.kindOf(parts[1]),
                    false,
                    Generated.NO,
                    null,
                    TypeMeaning.of(parts[2])));
        }
        return new TableSchema(
                new TableId("public", name),
                1,
                1,
                1,
                "warung.public." + name + ".1",
                columns,
                List.of("id"),
                List.of(),
                Collation.LOCALE);
    }

    static WhereClause where(TableSchema table, String clause) {
        return WhereClause.parse(
                clause,
                Scope.of(table)
                        .withTables((schema, name) -> ALL.stream()
                                .filter(t -> t.id().name().equals(name))
                                .findFirst()));
    }

    /** A table of a shape; all columns if none are named. */
    static RoutedShape.Table of(TableSchema table, @Nullable String clause, String... columns) {
        List<Column> selected = columns.length == 0
                ? table.copiedColumns()
                : Arrays.stream(columns)
                        .map(name -> table.column(name).orElseThrow())
                        .toList();
        return new RoutedShape.Table(table, Optional.ofNullable(clause).map(c -> where(table, c)), selected);
    }

    static RoutedShape shape(String name, List<String> parameters, RoutedShape.Table... tables) {
        return new RoutedShape(name, parameters, List.of(tables));
    }

    static @Nullable Object[] store(long id, @Nullable Long tenant, @Nullable String region, boolean open) {
        return new Object[] {id, tenant, region, open ? 1L : 0L};
    }

    static @Nullable Object[] order(long id, @Nullable Long store, @Nullable String nama) {
        return new Object[] {id, store, null, "10.00", nama, "2026-01-02 03:04:05+00", null};
    }

    static @Nullable Object[] item(long id, @Nullable Long order, long quantity) {
        return new Object[] {id, order, quantity, 0.5};
    }
}
