package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.testkit.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tiny segments and a busy cleaner, while an outlet begins, follows and comes back: never half a transaction, never a zombie. */
class CompactionIT {

    private static final ShapeSchema.Keep SHORT = new ShapeSchema.Keep(2_000, 6_000);
    private static final Map<String, String> CONFIGS = Map.of(
            "segment.bytes",
            "1048576",
            "segment.ms",
            "300",
            "min.cleanable.dirty.ratio",
            "0.001",
            "min.compaction.lag.ms",
            "2000",
            "delete.retention.ms",
            "6000");

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.with(Map.of(
            "log.cleaner.backoff.ms",
            "100",
            "log.cleaner.threads",
            "1",
            "log.retention.check.interval.ms",
            "500",
            "log.initial.task.delay.ms",
            "500"));

    @TempDir
    Path directory;

    @Test
    void duringFirstSyncAndCatchUpEveryStateSeenIsOneOfTheShapes() {
        Path file = directory.resolve("outlet.db");
        try (ShapeWriter writer = new ShapeWriter(KAFKA.bootstrapServers(), KAFKA.createPrefix())) {
            String topic = writer.create(Shapes.shape("bank", 1, SHORT, Shapes.ACCOUNTS, Shapes.ENTRIES), CONFIGS);
            BankHistory bank = new BankHistory(writer, new Random(7), topic, "bank");
            bank.fill();
            writer.createPrivate();
            writer.tell();
            for (int round = 0; round < 4; round++) {
                bank.transactions(150);
                awaitHole(writer, topic, bank);
                try (RunningOutlet outlet = RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file)) {
                    for (int i = 0; i < 20; i++) {
                        bank.transactions(5);
                        bank.check(file);
                    }
                    RunningOutlet.awaitPosition(file, "bank", bank.last());
                    assertThat(bank.check(file)).isTrue();
                    assertThat(outlet.status().failure()).isEmpty();
                }
            }
        }
    }

    @Test
    void anOutletThatWasAwayLongerThanDeletesAreKeptHoldsNoZombie() {
        Path file = directory.resolve("outlet.db");
        try (ShapeWriter writer = new ShapeWriter(KAFKA.bootstrapServers(), KAFKA.createPrefix())) {
            String topic = writer.create(Shapes.shape("bank", 1, SHORT, Shapes.ACCOUNTS), CONFIGS);
            for (long i = 1; i <= 100; i++) {
                writer.put(topic, 0, i, "Ani", 1L);
            }
            ChangeId first = writer.end(topic);
            writer.commit();
            writer.createPrivate();
            writer.tell();
            try (RunningOutlet outlet = RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file)) {
                RunningOutlet.awaitPosition(file, "bank", first);
                assertThat(outlet.metrics().status().isComplete()).isTrue();
            }
            for (long i = 1; i <= 99; i++) {
                writer.gone(topic, 0, i, null, null);
            }
            ChangeId last = writer.end(topic);
            writer.commit();
            awaitNoDeletes(writer, topic);
            try (RunningOutlet outlet = RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file)) {
                Awaitility.await().atMost(RunningOutlet.LIMIT).until(() -> {
                    writer.put(topic, 0, 200L, "Budi", 1L);
                    writer.end(topic);
                    writer.commit();
                    return outlet.status().isComplete()
                            && outlet.status().shapes().size() == 1
                            && !outlet.status()
                                    .shapes()
                                    .get(0)
                                    .feed()
                                    .progress()
                                    .end()
                                    .id()
                                    .equals(first)
                            && OutletDump.of(file).tables().get("accounts").size() == 2;
                });
                assertThat(last.isAfter(first)).isTrue();
                assertThat(OutletDump.of(file).tables().get("accounts").keySet())
                        .containsExactlyInAnyOrder("[100]", "[200]");
            }
        }
    }

    /** Until compaction has taken something: the topic then has fewer records than offsets. */
    private static void awaitHole(ShapeWriter writer, String topic, BankHistory bank) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    // the cleaner works when segments are closed, which needs writing
                    bank.transactions(1);
                    return TopicRecords.count(KAFKA.bootstrapServers(), topic) * 10 < end(writer, topic) * 6;
                });
    }

    private static void awaitNoDeletes(ShapeWriter writer, String topic) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    // the cleaner works when segments are closed, which needs writing
                    writer.end(topic);
                    writer.commit();
                    return TopicRecords.tombstones(KAFKA.bootstrapServers(), topic) == 0;
                });
    }

    private static long end(ShapeWriter writer, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return ShapeWriter.get(writer.admin()
                        .listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition))
                .offset();
    }
}
