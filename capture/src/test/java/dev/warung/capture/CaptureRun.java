package dev.warung.capture;

import dev.warung.capture.copy.GenerationCopies;
import dev.warung.capture.engine.ChangeEngine;
import dev.warung.capture.engine.EngineOffset;
import dev.warung.capture.engine.EngineSettings;
import dev.warung.capture.event.EventHandler;
import dev.warung.capture.publish.ChangeLog;
import dev.warung.capture.publish.DurablePosition;
import dev.warung.capture.publish.KafkaSettings;
import dev.warung.capture.publish.PublisherOptions;
import dev.warung.capture.publish.StreamProgress;
import dev.warung.capture.publish.StreamPublisher;
import dev.warung.core.change.Lsn;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import dev.warung.embedded.PostgresServer;
import dev.warung.testkit.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** One life of the streaming half of capture inside the test's JVM. */
final class CaptureRun implements AutoCloseable {

    static final String SLOT = "warung";
    static final String PUBLICATION = "warung";
    /** A table beside those of the test: a change of it is a transaction that can be waited for. */
    private static final String DRAINED = "drained";

    private final Database database;
    private final ChangeLog log;
    private final StreamPublisher publisher;
    private final ChangeEngine engine;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();

    /** What a test changes about a run. */
    record Options(
            PublisherOptions publisher,
            UnaryOperator<EventHandler> handler,
            UnaryOperator<Map<String, Object>> offset) {
        static Options plain(String database) {
            return new Options(PublisherOptions.of(database), h -> h, o -> o);
        }
    }

    private CaptureRun(Database database, ChangeLog log, Options options) {
        this.database = database;
        this.log = log;
        this.publisher = log.stream(Optional.empty(), EngineOffset::after, new StreamProgress());
        this.engine = ChangeEngine.start(
                settings(database),
                options.offset().apply(log.durable().offset()),
                options.handler().apply(publisher));
        var unused = ticker.scheduleWithFixedDelay(publisher::tick, 100, 100, TimeUnit.MILLISECONDS);
    }

    /** Prepares the tables for capture. */
    static void prepare(Database database, List<String> tables) {
        prepare(database, tables, tables);
    }

    /** @param parts the tables, and the partitions of those that have some */
    static void prepare(Database database, List<String> parts, List<String> tables) {
        parts.forEach(table -> database.execute("alter table " + table + " replica identity full"));
        database.execute(
                "create table " + DRAINED + " (id int primary key, n int)",
                "insert into " + DRAINED + " values (1, 0)",
                "create publication " + PUBLICATION + " for table " + DRAINED + ", " + String.join(", ", tables)
                        + " with (publish_via_partition_root = true)");
    }

    /** The last id that is in the log of a pipeline that is not running. */
    static DurablePosition durable(String bootstrap, Topics topics) {
        try (ChangeLog log = open(bootstrap, topics, PublisherOptions.of("unused"))) {
            return log.found().orElseThrow();
        }
    }

    private static ChangeLog open(String bootstrap, Topics topics, PublisherOptions options) {
        return ChangeLog.open(
                new ChangeLog.Place(KafkaSettings.of(bootstrap), topics),
                options,
                new ChangeLog.Helpers(
                        json -> {
                            throw new IllegalArgumentException(json);
                        },
                        new NoCopies()),
                InstantSource.system());
    }

    static CaptureRun start(Database database, String bootstrap, Topics topics, List<String> tables, Options options)
            throws InterruptedException {
        ChangeLog log = open(bootstrap, topics, options.publisher());
        boolean isNew = log.found()
                .filter(found -> found.state() == PositionRecord.State.STREAMING)
                .isEmpty();
        if (isNew) {
            try (QuietCopy copy = new QuietCopy(database, SLOT, tables)) {
                log.copy(
                        log.durable().epoch() + 1,
                        copy,
                        new PositionRecord.Server("test", 1, SLOT, 0, ""),
                        EngineOffset.after(copy.consistentPoint(), 0),
                        new StreamProgress());
            }
        }
        return new CaptureRun(database, log, options);
    }

    ChangeLog log() {
        return log;
    }

    StreamPublisher publisher() {
        return publisher;
    }

    ChangeEngine engine() {
        return engine;
    }

    /** Waits until everything committed so far is durable in Kafka. */
    void drain() {
        String position = database.value("select pg_current_wal_lsn()");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (engine.ended().isDone()) {
                        throw new IllegalStateException(
                                "the engine ended: " + engine.ended().join());
                    }
                    database.execute("update " + DRAINED + " set n = n + 1");
                    return log.durable().commit().compareTo(Lsn.parse(position)) >= 0;
                });
    }

    @Override
    public void close() {
        engine.close();
        ticker.shutdownNow();
        log.close();
    }

    private static EngineSettings settings(Database database) {
        PostgresServer server = database.server();
        return new EngineSettings(
                new EngineSettings.Server(
                        "127.0.0.1", server.port(), database.name(), PostgresServer.USER, server.password()),
                SLOT,
                PUBLICATION,
                Map.of(),
                EngineSettings.Flow.DEFAULT);
    }

    private static final class NoCopies implements GenerationCopies {
        @Override
        public void request(TableSchema schema) {}

        @Override
        public void cancel(long oid) {}
    }
}
