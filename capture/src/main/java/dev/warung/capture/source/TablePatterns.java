package dev.warung.capture.source;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.ControlRows;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tables are captured. A pattern is {@code schema.table}, where {@code *} stands for any text; {@code table} alone is in
 * {@code public}. The control rows are captured always.
 *
 * <p>{@code shop.*} takes all tables of a schema; an empty pattern is refused.
 *
 * @param include patterns of tables to capture
 * @param exclude patterns of tables to leave out all the same
 */
public record TablePatterns(List<String> include, List<String> exclude) {

    /** Everything. */
    public static final TablePatterns ALL = new TablePatterns(List.of("*.*"), List.of());

    private static final Set<String> SYSTEM = Set.of("warung", "pg_catalog", "information_schema", "pg_toast");
    private static final String SPECIAL = "\\.[]{}()+-?^$|";

    public TablePatterns {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (include.isEmpty()
                || include.stream().anyMatch(String::isBlank)
                || exclude.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a table pattern must not be empty");
        }
    }

    public boolean matches(TableId table) {
        String name = table.schema() + "." + table.name();
        return ControlRows.has(table)
                || !SYSTEM.contains(table.schema()) && name.matches(includeRegex()) && !name.matches(excludeRegex());
    }

    /** A regular expression that means the same to Java and to PostgreSQL. */
    String includeRegex() {
        return regex(include);
    }

    /** The same for the tables to leave out. */
    String excludeRegex() {
        return regex(exclude);
    }

    private static String regex(List<String> patterns) {
        return patterns.stream().map(TablePatterns::regex).collect(Collectors.joining("|", "^(", ")$"));
    }

    private static String regex(String pattern) {
        StringBuilder out = new StringBuilder();
        String stripped = pattern.strip();
        String whole = stripped.indexOf('.') >= 0 ? stripped : stripped.equals("*") ? "*.*" : "public." + stripped;
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c == '*') {
                out.append(".*");
            } else if (SPECIAL.indexOf(c) >= 0) {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
