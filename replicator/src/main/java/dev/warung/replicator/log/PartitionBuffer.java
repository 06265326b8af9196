package dev.warung.replicator.log;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of one topic that have been fetched and not yet yielded. Used only by the reader's thread. */
final class PartitionBuffer {

    private final TopicPartition partition;
    private final Deque<LogRecord> records = new ArrayDeque<>();
    private long bytes;
    private long floor;

    /** End offset and number of records still to come of the commit record being read. */
    private long needEnd;

    private long needCount;

    PartitionBuffer(TopicPartition partition, long floor) {
        this.partition = partition;
        this.floor = floor;
    }

    TopicPartition partition() {
        return partition;
    }

    String topic() {
        return partition.topic();
    }

    /** Takes a fetched record; those below the floor have been yielded before. */
    void add(LogRecord record) {
        if (record.offset() >= floor) {
            records.add(record);
            bytes += record.bytes();
        }
    }

    @Nullable
    LogRecord peek() {
        return records.peek();
    }

    LogRecord take() {
        LogRecord record = records.remove();
        bytes -= record.bytes();
        floor = record.offset() + 1;
        needCount--;
        return record;
    }

    void need(long endOffset, long count) {
        needEnd = endOffset;
        needCount = count;
    }

    long needEnd() {
        return needEnd;
    }

    long needCount() {
        return needCount;
    }

    /** Whether the next record to yield is here and belongs to the commit record being read. */
    boolean hasNeeded() {
        LogRecord next = records.peek();
        return needCount > 0 && next != null && next.offset() < needEnd;
    }

    /** Whether the fetched records show that nothing below the needed end will come any more. */
    boolean isPastNeed() {
        LogRecord next = records.peek();
        return next != null && next.offset() >= needEnd;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return records.size();
    }

    long floor() {
        return floor;
    }

    /** Declares everything below an offset as yielded. */
    void raiseFloor(long offset) {
        floor = Math.max(floor, offset);
        while (!records.isEmpty() && records.peek().offset() < floor) {
            bytes -= records.remove().bytes();
        }
    }

    /** Forgets what was fetched, to be fetched again from an offset. */
    void restartAt(long offset) {
        records.clear();
        bytes = 0;
        floor = offset;
    }
}
