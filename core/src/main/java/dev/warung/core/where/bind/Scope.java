package dev.warung.core.where.bind;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import java.util.Optional;

/**
 * What names in a clause can mean. Enums, domains and collations are those of the table's description; a type of the user that no
 * column has is unknown.
 */
public record Scope(TableSchema table, Tables tables) {

    private static final String PUBLIC = "public.";

    /** One table; no sub-select. */
    public static Scope of(TableSchema table) {
        return new Scope(table, Tables.NONE);
    }

    public Scope withTables(Tables known) {
        return new Scope(table, known);
    }

    /** The same for another table; its clause has no sub-select. */
    Scope inside(TableSchema inner) {
        return Scope.of(inner);
    }

    /** How texts are ordered. */
    TextCollation collation() {
        return new TextCollation(table.collation());
    }

    Optional<ColumnValue> column(String name) {
        List<Column> columns = table.copiedColumns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return Optional.of(new ColumnValue(typeOf(columns.get(i).meaning()), columns.get(i), i));
            }
        }
        return Optional.empty();
    }

    /** The type of this name without modifiers, opaque if it is not known; enums of {@code public} need no schema. */
    SqlType type(String name) {
        if (name.endsWith("[]")) {
            return arrayOf(type(name.substring(0, name.length() - 2)), name);
        }
        return SqlType.named(name).or(() -> enumeration(name)).orElseGet(() -> SqlType.opaque(name));
    }

    /** What a column's domain of this name stands for; empty if there is none. */
    Optional<String> domain(String name) {
        return table.columns().stream()
                .filter(column -> isNamed(name, TypeMeaning.of(column.type()).base()))
                .map(column -> column.meaning().base())
                .filter(base -> !isNamed(name, base))
                .findFirst();
    }

    private Optional<SqlType> enumeration(String name) {
        return table.columns().stream()
                .map(Column::meaning)
                .filter(meaning -> !meaning.labels().isEmpty() && isNamed(name, scalar(meaning)))
                .map(meaning -> SqlType.enumeration(scalar(meaning), meaning.labels()))
                .findFirst();
    }

    private static boolean isNamed(String name, String printed) {
        return printed.equals(name) || printed.equals(PUBLIC + name);
    }

    private static SqlType typeOf(TypeMeaning meaning) {
        String scalar = scalar(meaning);
        SqlType type = SqlType.named(scalar)
                .orElseGet(() -> meaning.labels().isEmpty()
                        ? SqlType.opaque(scalar)
                        : SqlType.enumeration(scalar, meaning.labels()));
        return scalar.equals(meaning.base()) ? type : arrayOf(type, meaning.base());
    }

    private static String scalar(TypeMeaning meaning) {
        String base = meaning.base();
        return base.endsWith("[]") ? base.substring(0, base.length() - 2) : base;
    }

    private static SqlType arrayOf(SqlType element, String name) {
        return switch (element.kind()) {
            case BPCHAR, JSON, JSONB, ARRAY, OPAQUE -> SqlType.opaque(name);
            default -> SqlType.arrayOf(element);
        };
    }
}
