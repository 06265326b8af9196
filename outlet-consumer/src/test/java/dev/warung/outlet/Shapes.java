package dev.warung.outlet;

import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.ShapeSchema.ShapeColumn;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Descriptions of shapes for tests. */
final class Shapes {

    static final ShapeSchema.Keep LONG = new ShapeSchema.Keep(
            Duration.ofDays(7).toMillis(), Duration.ofDays(35).toMillis());

    static final ShapeSchema.Table ACCOUNTS = table("accounts", List.of("id"), "id", "owner", "balance");
    static final ShapeSchema.Table ENTRIES =
            table("entries", List.of("account", "number"), "account", "number", "amount");

    private Shapes() {}

    /** Columns called owner or note are text, the others integers. */
    static ShapeSchema.Table table(String name, List<String> key, String... columns) {
        return new ShapeSchema.Table(
                new TableId("public", name),
                List.of(columns).stream().map(Shapes::column).toList(),
                key);
    }

    static ShapeSchema shape(String name, int generation, ShapeSchema.Keep keep, ShapeSchema.Table... tables) {
        return new ShapeSchema(name, Map.of("branch_id", "7"), generation, List.of(tables), keep);
    }

    private static ShapeColumn column(String name) {
        boolean isText = name.equals("owner") || name.equals("note");
        return new ShapeColumn(name, isText ? "text" : "bigint", isText ? ValueKind.TEXT : ValueKind.INTEGER, !isText);
    }
}
