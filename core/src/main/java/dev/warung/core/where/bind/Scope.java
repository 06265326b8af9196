package dev.warung.core.where.bind;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import java.util.Optional;

/** What names in a clause can mean. */
public record Scope(TableSchema table, Tables tables, UserTypes types, Collations collations) {

    /** One table; no sub-select, no enums, no order of texts. */
    public static Scope of(TableSchema table) {
        return new Scope(table, Tables.NONE, UserTypes.NONE, Collations.UNKNOWN);
    }

    public Scope withTables(Tables known) {
        return new Scope(table, known, types, collations);
    }

    public Scope withTypes(UserTypes known) {
        return new Scope(table, tables, known, collations);
    }

    public Scope withCollations(Collations known) {
        return new Scope(table, tables, types, known);
    }

    /** The same for another table; its clause has no sub-select. */
    Scope inside(TableSchema inner) {
        return new Scope(inner, Tables.NONE, types, collations);
    }

    Optional<ColumnValue> column(String name) {
        List<Column> columns = table.copiedColumns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return Optional.of(new ColumnValue(type(columns.get(i).type()), columns.get(i), i));
            }
        }
        return Optional.empty();
    }

    /** The type of this name, opaque if it is not known; {@code name} may have modifiers and brackets. */
    SqlType type(String name) {
        String plain = name.replaceAll("\\([^)]*\\)", "");
        if (plain.endsWith("[]")) {
            SqlType element = type(plain.substring(0, plain.length() - 2));
            return hasArrays(element) ? SqlType.arrayOf(element) : SqlType.opaque(name);
        }
        Optional<SqlType> builtIn = SqlType.named(plain.startsWith("interval") ? "interval" : plain);
        return builtIn.or(() -> types.named(plain)).orElseGet(() -> SqlType.opaque(name));
    }

    private static boolean hasArrays(SqlType element) {
        return switch (element.kind()) {
            case BPCHAR, JSON, JSONB, ARRAY, OPAQUE -> false;
            default -> true;
        };
    }
}
