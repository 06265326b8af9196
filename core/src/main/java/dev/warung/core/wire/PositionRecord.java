package dev.warung.core.wire;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import java.util.Map;

/**
 * The newest durable position of the log, the only record of a compacted topic. It is written in the Kafka transaction that it
 * describes, but not in each: what is newer stands in the commit records from {@code commitsFrom} on.
 *
 * @param commit commit LSN of the last transaction that is whole in the log
 * @param offset Debezium's offset to resume from; empty while copying
 * @param commitsFrom an offset of the commits topic at or before the commit record of the same Kafka transaction
 * @param epochStart the offset of the first commit record of the epoch
 * @param ends the end offset of every topic that is in use
 * @param server the PostgreSQL that the log was read from
 */
public record PositionRecord(
        int epoch,
        State state,
        ChangeId last,
        Lsn commit,
        Map<String, Object> offset,
        long commitsFrom,
        long epochStart,
        Map<String, Long> ends,
        Server server) {

    public PositionRecord {
        offset = Map.copyOf(offset);
        ends = Map.copyOf(ends);
    }

    /** What capture is doing in this epoch. */
    public enum State {
        COPYING,
        STREAMING
    }

    /**
     * Which PostgreSQL, and where its heartbeat row stood.
     *
     * @param heartbeatNonce random text that changes with each beat, to recognise a restored server
     */
    public record Server(String systemId, int timeline, String slot, long heartbeat, String heartbeatNonce) {}
}
