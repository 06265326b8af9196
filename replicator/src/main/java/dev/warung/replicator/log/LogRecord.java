package dev.warung.replicator.log;

import dev.warung.core.change.ChangeId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.Headers;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record of a table topic or of the schema topic.
 *
 * @param value null for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // a record of the hot path: never compared, never a map key
public record LogRecord(String topic, long offset, ChangeId id, int version, byte[] key, byte @Nullable [] value)
        implements Step {

    private static final byte[] NO_KEY = {};
    /** Objects, headers and queue node around the bytes: a rough figure that keeps the memory bound honest for small rows. */
    private static final int OVERHEAD_BYTES = 200;

    /** @throws PipelineException LOG_INCONSISTENT if it does not carry the headers that capture writes */
    static LogRecord of(ConsumerRecord<byte[], byte[]> record) {
        byte[] id = header(record, Headers.ID);
        byte[] version = header(record, Headers.VERSION);
        byte[] key = record.key();
        try {
            return new LogRecord(
                    record.topic(),
                    record.offset(),
                    ChangeId.fromBytes(id),
                    Headers.version(version),
                    key == null ? NO_KEY : key,
                    record.value());
        } catch (IllegalArgumentException e) {
            throw new PipelineException(ErrorCode.LOG_INCONSISTENT, place(record) + ": " + e.getMessage() + ".", e);
        }
    }

    /** What it costs to keep it in memory, about. */
    int bytes() {
        byte[] content = value;
        return OVERHEAD_BYTES + key.length + (content == null ? 0 : content.length);
    }

    /** Topic and offset, for messages. */
    public String place() {
        return topic + "@" + offset;
    }

    private static byte[] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT, place(record) + " has no header '" + name + "': a foreign writer?");
        }
        return header.value();
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "@" + record.offset();
    }
}
