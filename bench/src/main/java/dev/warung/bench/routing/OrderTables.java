package dev.warung.bench.routing;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.replicator.routing.match.RoutedShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A shop's orders and their items, and shapes over them. */
final class OrderTables {

    static final TableSchema ORDERS = table(
            "orders",
            "id:int8:bigint",
            "branch_id:int4:integer",
            "customer_id:int8:bigint",
            "nama:text:text",
            "total:numeric:numeric(12,2)",
            "status:text:text",
            "note:text:text",
            "paid:bool:boolean",
            "created_at:timestamptz:timestamp with time zone",
            "updated_at:timestamptz:timestamp with time zone");

    static final TableSchema ITEMS = table(
            "order_items",
            "id:int8:bigint",
            "order_id:int8:bigint",
            "product_id:int8:bigint",
            "quantity:int4:integer",
            "price:numeric:numeric(12,2)");

    private OrderTables() {}

    private static TableSchema table(String name, String... described) {
        List<Column> columns = new ArrayList<>();
        for (String column : described) {
            String[] parts = column.split(":", -1);
            columns.add(new Column(
                    columns.size() + 1,
                    parts[0],
                    parts[2],
                    PgValues.kindOf(parts[1]),
                    true,
                    Generated.NO,
                    null,
                    TypeMeaning.of(parts[2])));
        }
        return new TableSchema(
                new TableId("public", name),
                1,
                1,
                1,
                "bench.public." + name + ".1",
                columns,
                List.of("id"),
                List.of(),
                Collation.LOCALE);
    }

    /** A shape of one table with all its columns. */
    static RoutedShape shape(TableSchema table, List<String> parameters, String clause) {
        WhereClause where =
                WhereClause.parse(clause, Scope.of(table).withTables((schema, name) -> Optional.of(ORDERS)));
        return new RoutedShape(
                "bench", parameters, List.of(new RoutedShape.Table(table, Optional.of(where), table.copiedColumns())));
    }
}
