package dev.warung.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warung.capture.event.ColumnNames;
import dev.warung.capture.event.EventHandler;
import dev.warung.capture.event.ReplicaIdentity;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent;
import dev.warung.capture.publish.DurablePosition;
import dev.warung.capture.publish.PublisherOptions;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.Database;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.PostgresFixture;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.check.SlotSampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Capture dies between any two events and begins again: nothing is lost, nothing comes twice. */
class ExactlyOnceIT {

    /** Small Kafka transactions, and PostgreSQL is told at once: both make a loss likely if there can be one. */
    private static final PublisherOptions.Limits SMALL =
            new PublisherOptions.Limits(40, 1 << 20, Duration.ofMillis(100));

    private static final PublisherOptions.Delay AT_ONCE = new PublisherOptions.Delay(Duration.ZERO, 0);

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    private Database database = new Database(POSTGRES.server(), "unset");
    private Topics topics = new Topics("unset");
    private LogReader reader = new LogReader("", topics);
    private LogContents contents = new LogContents(reader, topics);

    @BeforeEach
    void freshPipeline() {
        database = POSTGRES.createDatabase();
        topics = new Topics(KAFKA.createPrefix());
        reader = new LogReader(KAFKA.bootstrapServers(), topics);
        contents = new LogContents(reader, topics);
        database.execute(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots",
                "create table sale(id int primary key, note text)");
        CaptureRun.prepare(database, List.of("sale"));
    }

    @Test
    void deathsAtRandomEventsLoseNothingAndRepeatNothing() throws Exception {
        Random random = new Random(Long.getLong("simulation.seed", 42));
        SlotSampler slot = new SlotSampler(database::connect, reader);
        // The slot exists before the first row, or the copy might take all that is ever written.
        try (CaptureRun run = start(handler -> handler, offset -> offset)) {
            run.drain();
        }

        try (RandomWriter writer = new RandomWriter(database, random.nextLong())) {
            for (int death = 0; death < 7; death++) {
                try (CaptureRun run = start(dyingAfter(1 + random.nextInt(3000)), offset -> offset)) {
                    run.engine().ended().get(60, TimeUnit.SECONDS);
                }
                assertThat(slot.problem(CaptureRun.SLOT)).as("I3").isEmpty();
            }
        }
        try (CaptureRun run = CaptureRun.start(
                database,
                KAFKA.bootstrapServers(),
                topics,
                List.of("sale"),
                CaptureRun.Options.plain(database.name()))) {
            run.drain();
        }

        assertThat(contents.rows("public.sale")).isEqualTo(contents.expected(database, "public.sale"));
        assertThat(reader.problems()).isEmpty();
    }

    /** Debezium's own decoder skips the rest of a heap page then; ours skips nothing, so that the whole transaction comes again. */
    @Test
    void evenAnOffsetInsideACopyLosesNothing() throws Exception {
        List<Long> lsns = new ArrayList<>();
        try (CaptureRun run = start(handler -> recording(lsns, dyingAfter(300).apply(handler)), offset -> offset)) {
            database.execute("insert into sale select g, 'copied' from generate_series(1, 1) g");
            RandomWriter.copy(database, 2, 2000);
            run.engine().ended().get(60, TimeUnit.SECONDS);
        }
        int durableEvents = (int)
                (CaptureRun.durable(KAFKA.bootstrapServers(), topics).last().ordinal() >> 24);
        long middle = lsns.get(durableEvents - 1);

        try (CaptureRun run = start(handler -> handler, offset -> withMiddle(offset, middle))) {
            run.drain();
        }

        assertThat(contents.rows("public.sale")).hasSize(2001).isEqualTo(contents.expected(database, "public.sale"));
        assertThat(reader.problems()).isEmpty();
    }

    /** Whoever stops the engine interrupts it, and the timer runs on for a while. */
    @Test
    void whatFailedInTheMiddleIsNeverCommitted() throws Exception {
        DurablePosition before;
        try (CaptureRun run = start(handler -> handler, offset -> offset)) {
            database.execute("insert into sale values (1, 'sold')");
            run.drain();
            run.engine().close();
            before = run.log().durable();

            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> run.publisher().handle(unsent(before), false, commit -> {}))
                    .isInstanceOf(PipelineException.class);
            assertThat(Thread.interrupted()).isTrue();

            assertThatThrownBy(() -> run.publisher().handle(List.of(), false, commit -> {}))
                    .isInstanceOf(PipelineException.class);
            await().during(SMALL.age().multipliedBy(4))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> run.log().durable().equals(before));
        }

        // Not the newest commit itself: the interrupt may have met a heartbeat's, which the broker then has all the
        // same.
        assertThat(contents.rows("public.sale")).hasSize(1).isEqualTo(contents.expected(database, "public.sale"));
        assertThat(reader.problems()).isEmpty();
    }

    /** A transaction after the newest. */
    private static List<SourceEvent> unsent(DurablePosition newest) {
        RowImage image = new RowImage(
                new ColumnNames(List.of("id", "note"), ReplicaIdentity.FULL), new String[] {"2", "unsent"});
        return List.of(
                new SourceEvent.RowEvent(
                        new TableId("public", "sale"),
                        RowOp.CREATE,
                        new SourceEvent.Images(Optional.empty(), Optional.of(image)),
                        0,
                        1,
                        0,
                        Optional.empty()),
                new SourceEvent.TransactionEnd(new Lsn(newest.commit().value() + 8), 0, 1));
    }

    /** What Debezium itself would have stored: a position inside the transaction. */
    private static Map<String, Object> withMiddle(Map<String, Object> offset, long lsn) {
        Map<String, Object> stock = new HashMap<>(offset);
        stock.put("lsn", lsn);
        stock.put("lsn_proc", lsn);
        stock.put("messageType", "INSERT");
        return stock;
    }

    private static UnaryOperator<EventHandler> dyingAfter(int events) {
        int[] left = {events};
        return handler -> (batch, behind, source) -> {
            if (batch.size() <= left[0]) {
                left[0] -= batch.size();
                handler.handle(batch, behind, source);
            } else {
                handler.handle(batch.subList(0, left[0]), true, source);
                throw new IllegalStateException("the test ends this run here");
            }
        };
    }

    /** Keeps the LSNs of the newest transaction's rows, also when it has ended. */
    private static EventHandler recording(List<Long> lsns, EventHandler handler) {
        boolean[] ended = {false};
        return (batch, behind, source) -> {
            for (SourceEvent event : batch) {
                if (event instanceof SourceEvent.RowEvent row) {
                    if (ended[0]) {
                        lsns.clear();
                        ended[0] = false;
                    }
                    lsns.add(row.lsn());
                } else {
                    ended[0] = true;
                }
            }
            handler.handle(batch, behind, source);
        };
    }

    private CaptureRun start(UnaryOperator<EventHandler> handler, UnaryOperator<Map<String, Object>> offset)
            throws InterruptedException {
        return CaptureRun.start(
                database,
                KAFKA.bootstrapServers(),
                topics,
                List.of("sale"),
                new CaptureRun.Options(
                        new PublisherOptions(SMALL, AT_ONCE, 16L << 20, database.name()), handler, offset));
    }
}
