package dev.warung.core.upload;

import java.util.List;
import java.util.Optional;

/**
 * What happens when an outlet's write meets a row that was changed elsewhere meanwhile, and what a row must be like.
 *
 * @param wholeRow whether changes of different columns of one row are a conflict too; they are merged otherwise
 * @param updatedAt the column that says when the server's row was changed last
 */
public record WritePolicy(
        Conflict conflict, Delete delete, boolean wholeRow, Optional<String> updatedAt, List<Rule> rules) {

    /** What a table has of which nothing is declared. */
    public static final WritePolicy DEFAULT =
            new WritePolicy(Conflict.NEWEST_WINS, Delete.DELETE_WINS, false, Optional.empty(), List.of());

    public WritePolicy {
        rules = List.copyOf(rules);
    }

    /** Who wins where both changed the same column. */
    public enum Conflict {
        NEWEST_WINS,
        SERVER_WINS,
        CLIENT_WINS,
        /** Somebody decides: the server's row stays until then. */
        MANUAL
    }

    /** Who wins where one deleted the row and the other changed it. */
    public enum Delete {
        DELETE_WINS,
        UPDATE_WINS,
        /** Somebody decides: the server's row stays as it is until then. */
        MANUAL
    }

    /**
     * What must hold for a row after the write.
     *
     * @param check an SQL expression over the row's columns
     * @param message what the shopkeeper reads when it does not hold
     */
    public record Rule(String name, String check, Optional<String> message) {}
}
