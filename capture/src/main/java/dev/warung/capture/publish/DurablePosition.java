package dev.warung.capture.publish;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.CommitRecord.TransactionEnd;
import dev.warung.core.wire.PositionRecord;
import java.util.Map;
import java.util.Optional;

/**
 * How far the log in Kafka goes: the newest position record, brought forward by the commit records after it.
 *
 * @param last the last change that is in the log
 * @param commit commit LSN of the last transaction that is whole in the log; zero while copying
 * @param lastEnd the end of that transaction, if the log's newest records tell it
 * @param offset where the engine resumes; empty while copying
 * @param commitsEnd offset in the commits topic right after the last commit record
 * @param epochStart an offset in the commits topic at or before the first commit record of the epoch
 * @param ends the end offset of every topic in use
 */
public record DurablePosition(
        int epoch,
        PositionRecord.State state,
        ChangeId last,
        Lsn commit,
        Optional<TransactionEnd> lastEnd,
        Map<String, Object> offset,
        long commitsEnd,
        long epochStart,
        Map<String, Long> ends,
        PositionRecord.Server server) {

    public DurablePosition {
        offset = Map.copyOf(offset);
        ends = Map.copyOf(ends);
    }
}
