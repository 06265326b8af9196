package dev.warung.core.schema;

import java.util.List;

/**
 * What the values of a column's type mean to who compares them.
 *
 * @param base the type behind all domains without modifiers, as {@code format_type} prints it: {@code integer}, {@code public.status[]}
 * @param labels of an enum, or of the enum that an array holds, in their order; empty if it is none
 * @param collation of the column; {@link Collation#LOCALE} where the type has none
 */
public record TypeMeaning(String base, List<String> labels, Collation collation) {

    public TypeMeaning {
        labels = List.copyOf(labels);
    }

    /** All that the name of a type says, as {@code format_type} prints it with modifiers. */
    public static TypeMeaning of(String type) {
        String base =
                type.startsWith("interval") && !type.endsWith("]") ? "interval" : type.replaceAll("\\([^)]*\\)", "");
        return new TypeMeaning(base, List.of(), Collation.LOCALE);
    }
}
