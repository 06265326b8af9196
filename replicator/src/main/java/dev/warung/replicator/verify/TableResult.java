package dev.warung.replicator.verify;

import java.util.List;

/**
 * What the comparison of one table found.
 *
 * @param reason why it is different or not verified, for people; empty if it is identical
 * @param leftOut columns that are not copied and so not compared
 * @param differences the first rows that differ
 * @param more whether there are, or may be, more rows that differ
 */
public record TableResult(
        String table,
        Verdict verdict,
        String reason,
        Content source,
        Content backup,
        List<String> leftOut,
        List<RowDifference> differences,
        boolean more) {

    public TableResult {
        leftOut = List.copyOf(leftOut);
        differences = List.copyOf(differences);
    }

    /** How a table came out. */
    public enum Verdict {
        IDENTICAL,
        DIFFERENT,
        /** It is being rebuilt, or changed all the time: nothing is known. */
        NOT_VERIFIED,
        /** Capture does not copy it, and says why in its status. */
        NOT_CAPTURED
    }

    /** The size and content hash of one side: 32 hexadecimal digits that do not depend on the order of rows. */
    public record Content(long rows, String hash) {
        static final Content UNKNOWN = new Content(0, "");
    }

    static TableResult without(String table, Verdict verdict, String reason) {
        return new TableResult(table, verdict, reason, Content.UNKNOWN, Content.UNKNOWN, List.of(), List.of(), false);
    }
}
