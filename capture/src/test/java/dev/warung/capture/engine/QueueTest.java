package dev.warung.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.capture.event.SourceEvent;
import dev.warung.core.change.Lsn;
import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.Sizeable;
import io.debezium.util.LoggingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue that takes the place of Debezium's. */
class QueueTest {

    private static final int BATCH = 3;

    private record Entry(int number, long objectSize) implements Sizeable {}

    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        other.shutdownNow();
    }

    @Test
    void aLoneEntryDoesNotWaitForItsBatch() throws Exception {
        ChangeEventQueue<Entry> queue = queue(10, 0);
        Future<List<Entry>> polled = other.submit(() -> pollUntilSome(queue));

        queue.enqueue(new Entry(1, 1));

        assertThat(polled.get(10, TimeUnit.SECONDS)).containsExactly(new Entry(1, 1));
    }

    @Test
    void batchesAreBoundedAndInOrder() throws Exception {
        ChangeEventQueue<Entry> queue = queue(10, 0);
        for (int i = 1; i <= 5; i++) {
            queue.enqueue(new Entry(i, 1));
        }

        assertThat(queue.remainingCapacity()).isEqualTo(5);
        assertThat(queue.poll()).extracting(Entry::number).containsExactly(1, 2, 3);
        assertThat(queue.poll()).extracting(Entry::number).containsExactly(4, 5);
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void entriesAndBytesAreBounded() throws Exception {
        for (ChangeEventQueue<Entry> queue : List.<ChangeEventQueue<Entry>>of(queue(2, 0), queue(10, 150))) {
            Future<?> writer = other.submit(() -> {
                for (int i = 1; i <= 20; i++) {
                    queue.enqueue(new Entry(i, 100));
                }
                return null;
            });

            List<Integer> read = new ArrayList<>();
            while (read.size() < 20) {
                assertThat(queue.currentQueueSizeInBytes()).isLessThanOrEqualTo(200);
                List<Entry> batch = queue.poll();
                assertThat(batch).hasSizeLessThanOrEqualTo(2);
                batch.forEach(entry -> read.add(entry.number()));
            }

            writer.get(10, TimeUnit.SECONDS);
            assertThat(read).isSorted().doesNotHaveDuplicates();
            assertThat(queue.currentQueueSizeInBytes()).isZero();
        }
    }

    @Test
    void aFailureOfTheReaderWakesWhoPolls() {
        ChangeEventQueue<Entry> queue = queue(10, 0);
        Future<List<Entry>> polled = other.submit(() -> pollUntilSome(queue));

        queue.producerException(new IllegalStateException("lost"));

        assertThatThrownBy(() -> polled.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("lost");
    }

    @Test
    void eventsAreHandedOverAsOneRecordAndThenSilenceOnce() throws Exception {
        ChangeEventQueue<DataChangeEvent> queue = queue(10, 1 << 20);
        List<SourceEvent> events = List.of(end(1), end(2), end(3), end(4));
        for (SourceEvent event : events) {
            queue.enqueue(new DataChangeEvent(new SourceRecord(
                    Map.of("server", "warung"), Map.of(), "warung", EventValue.NO_FIELDS, new EventValue(event, 100))));
        }
        assertThat(queue.currentQueueSizeInBytes()).isGreaterThan(400);

        assertThat(eventsOf(queue.poll())).isEqualTo(events.subList(0, 3));
        assertThat(eventsOf(queue.poll())).isEqualTo(events.subList(3, 4));
        assertThat(eventsOf(queue.poll())).as("nothing has come for a moment").isEmpty();
        assertThat(queue.poll()).as("that is told once").isEmpty();
        assertThat(queue.currentQueueSizeInBytes()).isZero();
    }

    private static SourceEvent end(long lsn) {
        return new SourceEvent.TransactionEnd(new Lsn(lsn), 0, lsn);
    }

    private static List<SourceEvent> eventsOf(List<DataChangeEvent> batch) {
        assertThat(batch).hasSize(1);
        SourceRecord carrier = batch.get(0).getRecord();
        assertThat(carrier.sourcePartition()).isEqualTo(Map.of("server", "warung"));
        return ((EventBatch) carrier.value()).events();
    }

    private static List<Entry> pollUntilSome(ChangeEventQueue<Entry> queue) throws InterruptedException {
        List<Entry> batch = List.of();
        while (batch.isEmpty()) {
            batch = queue.poll();
        }
        return batch;
    }

    private static <T extends Sizeable> ChangeEventQueue<T> queue(int entries, long bytes) {
        return new ChangeEventQueue.Builder<T>()
                .pollInterval(Duration.ofHours(1))
                .maxBatchSize(BATCH)
                .maxQueueSize(entries)
                .maxQueueSizeInBytes(bytes)
                .loggingContextSupplier(() -> LoggingContext.forConnector("test", "queue", "0"))
                .build();
    }
}
