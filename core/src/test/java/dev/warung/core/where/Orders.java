package dev.warung.core.where;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import dev.warung.core.where.bind.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table with a column of each interesting kind. */
final class Orders {

    private static final TypeMeaning STATUS =
            new TypeMeaning("public.status", List.of("baru", "selesai"), Collation.LOCALE);

    static final TableSchema BRANCHES = table("branches", "id:int4:integer", "region:text:text", "open:bool:boolean");

    static final TableSchema ORDERS = table(
            "orders",
            "id:int8:bigint",
            "branch_id:int4:integer",
            "nama:text:text",
            "total:numeric:numeric(12,2)",
            "paid:bool:boolean",
            "created_at:timestamptz:timestamp with time zone",
            "tags:_text:text[]",
            "data:jsonb:jsonb",
            "status:status:public.status",
            "code:varchar:character varying(5)",
            "place:inet:inet",
            "rate:float8:double precision");

    /** {@code orders} with the table {@code branches} and the enum {@code status}. */
    static final Scope SCOPE = Scope.of(ORDERS)
            .withTables((schema, name) -> name.equals("branches") ? Optional.of(BRANCHES) : Optional.empty());

    private Orders() {}

    private static TableSchema table(String name, String... described) {
        List<Column> columns = new ArrayList<>();
        for (String column : described) {
            String[] parts = column.split(":");
            Column one = new Column(
                    columns.size() + 1,
                    parts[0],
                    parts[2],
                    PgValues.kindOf(parts[1]),
                    false,
                    Generated.NO,
                    null,
                    TypeMeaning.of(parts[2]));
            boolean isEnum = parts[1].equals("status");
            columns.add(isEnum ? one.withMeaning(STATUS) : one);
        }
        return new TableSchema(
                new TableId("public", name),
                1,
                1,
                1,
                "warung.public." + name,
                columns,
                List.of("id"),
                List.of(),
                Collation.LOCALE);
    }

    /** A row with these values, {@code column=text}, and NULL elsewhere. */
    static @Nullable String[] row(String... values) {
        @Nullable String[] row = new String[ORDERS.columns().size()];
        for (String value : values) {
            String[] pair = value.split("=", 2);
            for (int i = 0; i < row.length; i++) {
                if (ORDERS.columns().get(i).name().equals(pair[0])) {
                    row[i] = pair[1];
                }
            }
        }
        return row;
    }
}
