package dev.warung.core.upload.apply;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WriteDefinition;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The server's rows as one outlet may write them, in one transaction. What the rows refuse for good is a {@link RefusedException}; any other
 * exception means that the whole transaction is to be tried again.
 */
public interface WriteStore {

    /** Those of these ops that stand in the ledger, with the hashes of what they did. */
    Map<UUID, byte[]> ledgered(Collection<UUID> ops);

    /** How the table takes writes of this outlet; empty if it takes none. */
    Optional<WriteDefinition> definition(TableId table);

    /** The columns of the table that the outlet has. */
    Set<String> columns(TableId table);

    /** The row with the columns that the outlet has, which stays as it is until the transaction ends; empty if there is none. */
    Optional<RowImage> lock(TableId table, RowImage key);

    /** A row that a device wrote, with its values as the server prints them: {@code 12.5} may be {@code 12.50} there. */
    RowImage canonical(TableId table, RowImage row);

    /** When the row got its present content, in microseconds since 1970. */
    long changedAtUs(TableId table, RowImage key);

    /** Whether the row is one that the outlet holds. */
    boolean isHeld(TableId table, RowImage key);

    /**
     * Inserts a row and gives its key, as it stands then.
     *
     * @param row a value that the server assigns is not in it
     * @param atUs when it counts as written
     */
    RowImage insert(TableId table, RowImage row, long atUs);

    void update(TableId table, RowImage key, RowImage columns, long atUs);

    void delete(TableId table, RowImage key);

    /** @throws RefusedException if the row is there and one of the table's rules does not hold for it */
    void requireRules(TableId table, RowImage key);

    /** @throws RefusedException if a constraint does not hold whose check was put off */
    void requireConstraints();

    /** The id that the server gave for one of the outlet. */
    OptionalLong assigned(TableId table, long localId);

    /** The op that made the row for which the server gave that id, if it gave one. */
    default Optional<UUID> maker(TableId table, long localId) {
        return Optional.empty();
    }

    void assign(TableId table, long localId, long serverId, UUID op);

    /**
     * Does what somebody at the outlet decided about a conflict.
     *
     * @throws RefusedException if the conflict is not one of the outlet that is open, or the row is refused
     */
    default void decide(Decision decision) {
        throw new RefusedException(Refusal.of("unknown", "There is no such conflict."));
    }

    /** Begins what {@link #undo} undoes and {@link #keep} keeps. */
    void begin();

    /** @throws RefusedException if a constraint does not hold whose check was put off; it can be undone then */
    void keep();

    void undo();

    void record(OpResult result);

    void record(Conflict conflict);

    /**
     * Both sides had changed the same.
     *
     * @param op with the server's ids
     * @param server the row as it was before the op; empty if it was deleted
     * @param result the row's new columns, where the op changed it
     */
    record Conflict(
            UploadOp op,
            Optional<RowImage> server,
            String policy,
            Verdict.Dispute dispute,
            Optional<RowImage> result) {}
}
