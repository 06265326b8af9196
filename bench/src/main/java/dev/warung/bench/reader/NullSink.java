package dev.warung.bench.reader;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.kafka.connect.source.SourceRecord;

/** Counts the rows of one table and throws them away; says once a second that it has processed them. */
final class NullSink implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {
    private static final long CONFIRM_EVERY = Duration.ofSeconds(1).toNanos();

    private final RowCounter counter;
    private final ToLongFunction<SourceRecord> rowsOf;
    private long confirmedAt = System.nanoTime();

    NullSink(RowCounter counter, ToLongFunction<SourceRecord> rowsOf) {
        this.counter = counter;
        this.rowsOf = rowsOf;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> batch, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        long rows = 0;
        for (RecordChangeEvent<SourceRecord> event : batch) {
            rows += rowsOf.applyAsLong(event.record());
        }
        if (System.nanoTime() - confirmedAt > CONFIRM_EVERY) {
            confirmedAt = System.nanoTime();
            committer.markProcessed(batch.get(batch.size() - 1));
            committer.markBatchFinished();
        }
        counter.add(rows);
    }
}
