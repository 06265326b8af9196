package dev.warung.core.schema;

import dev.warung.core.value.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param attnum PostgreSQL's column number: it stays when the column is renamed, so it identifies the column
 * @param type the type as {@code format_type} prints it, such as {@code numeric(12,2)}
 * @param notNull whether PostgreSQL enforces NOT NULL
 * @param missing the text that rows written before this column was added have in it; null for NULL
 * @param meaning what its values mean to who compares them; {@link TypeMeaning#of} if no more is known of the type than its name
 */
public record Column(
        int attnum,
        String name,
        String type,
        ValueKind kind,
        boolean notNull,
        Generated generated,
        @Nullable String missing,
        TypeMeaning meaning) {

    /** The same column whose type means this. */
    public Column withMeaning(TypeMeaning other) {
        return new Column(attnum, name, type, kind, notNull, generated, missing, other);
    }

    /** Whether the log carries values of this column. */
    public boolean isCopied() {
        return generated != Generated.VIRTUAL;
    }
}
