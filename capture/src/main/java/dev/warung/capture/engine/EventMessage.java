package dev.warung.capture.engine;

import dev.warung.capture.event.SourceEvent;
import io.debezium.connector.postgresql.connection.ReplicationMessage;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * An event as one of Debezium's replication messages.
 *
 * @param bytes the size of the message it came in
 */
public record EventMessage(SourceEvent event, Instant committedAt, long xid, long bytes) implements ReplicationMessage {

    /** The one table that Debezium sees, whatever table a row is of: it has nothing to look up and nothing to filter. */
    static final String TABLE = "warung.event";

    @Override
    public Operation getOperation() {
        return Operation.INSERT;
    }

    @Override
    public Instant getCommitTime() {
        return committedAt;
    }

    @Override
    public OptionalLong getTransactionId() {
        return OptionalLong.of(xid);
    }

    @Override
    public String getTable() {
        return TABLE;
    }

    @Override
    public List<Column> getOldTupleList() {
        return List.of();
    }

    @Override
    public List<Column> getNewTupleList() {
        return List.of();
    }

    @Override
    public boolean isLastEventForLsn() {
        return true;
    }

    @Override
    public boolean shouldSchemaBeSynchronized() {
        return false;
    }
}
