package dev.warung.replicator.routing.match;

import dev.warung.core.change.TableId;

/**
 * Rows on which a shape's clause failed, as {@code 1 / quantity} does where quantity is 0: they are not in the shape.
 *
 * @param count evaluations that failed
 * @param message PostgreSQL's, of the first; it may hold values of a row
 */
public record FailedEvaluations(RoutedShape shape, TableId table, long count, String message) {

    /** The message without values, which stand between double quotes: health pages are not for the content of rows (I8). */
    public String reason() {
        return message.replaceAll("(?s)\".*\"", "…");
    }
}
