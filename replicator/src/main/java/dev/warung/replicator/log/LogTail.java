package dev.warung.replicator.log;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Where a topic ends, open transactions included. */
public final class LogTail {

    private LogTail() {}

    /**
     * The end of a topic with what is not committed yet. A commit record is written before its transaction is committed, so whatever a
     * reader has seen in any other topic, its commit record lies below this offset.
     */
    public static long of(Admin admin, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try {
            return admin.listOffsets(
                            Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE, "Cannot read the end of " + topic + ": " + e.getCause() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while reading offsets.", e);
        }
    }
}
