package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.testkit.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A new outlet, what it shows and when. */
class FirstSyncIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    private ShapeWriter writer;
    private Path file;

    @BeforeEach
    void open() {
        writer = new ShapeWriter(KAFKA.bootstrapServers(), KAFKA.createPrefix());
        file = directory.resolve("outlet.db");
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void anOutletWaitsForItsTopicThenShowsItsShapeThenFollowsAlsoAfterARestart() {
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.state().text().equals("waiting"));
            String topic =
                    writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS, Shapes.ENTRIES), Map.of());
            writer.put(topic, 0, 1L, "Ani", 10L);
            writer.put(topic, 1, 1L, 1L, 10L);
            ChangeId first = writer.end(topic);
            writer.commit();
            writer.createPrivate();
            writer.tell();
            RunningOutlet.awaitPosition(file, "branch", first);
            assertThat(OutletDump.of(file).tables())
                    .isEqualTo(Map.of(
                            "accounts", Map.of("[1]", List.of(1L, "Ani", 10L)),
                            "entries", Map.of("[1, 1]", List.of(1L, 1L, 10L))));

            writer.put(topic, 0, 1L, "Ani", 5L);
            writer.gone(topic, 1, 1L, 1L, null);
            writer.put(topic, 1, 1L, 2L, 5L);
            ChangeId second = writer.end(topic);
            writer.commit();
            RunningOutlet.awaitPosition(file, "branch", second);
            outlet.await(s -> s.state().text().equals("following") && s.isComplete());
        }
        writer.truncate(topic(), 1);
        writer.put(topic(), 0, 2L, "Budi", 7L);
        ChangeId third = writer.end(topic());
        writer.commit();
        try (RunningOutlet outlet = start()) {
            RunningOutlet.awaitPosition(file, "branch", third);
            assertThat(OutletDump.of(file).tables())
                    .isEqualTo(Map.of(
                            "accounts",
                            Map.of("[1]", List.of(1L, "Ani", 5L), "[2]", List.of(2L, "Budi", 7L)),
                            "entries",
                            Map.of()));
            assertThat(outlet.status().failure()).isEmpty();
        }
    }

    @Test
    void whatStandsBeforeTheFirstEndMarkIsNotShown() {
        String topic = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS), Map.of());
        for (long i = 0; i < 5_000; i++) {
            writer.put(topic, 0, i, "Ani", 0L);
        }
        writer.commit();
        writer.createPrivate();
        writer.tell();
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.shapes().size() == 1
                    && s.shapes().get(0).feed().progress().nextOffset() >= 5_000);
            assertThat(OutletDump.of(file).tables()).isEmpty();
            assertThat(outlet.status().isComplete()).isFalse();

            ChangeId first = writer.end(topic);
            writer.commit();
            RunningOutlet.awaitPosition(file, "branch", first);
            assertThat(OutletDump.of(file).tables().get("accounts")).hasSize(5_000);
        }
    }

    @Test
    void anAbortedTransactionAndATransactionThatHasNotEndedAreNotShown() {
        String topic = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS), Map.of());
        writer.put(topic, 0, 1L, "Ani", 10L);
        ChangeId first = writer.end(topic);
        writer.commit();
        writer.createPrivate();
        writer.tell();
        try (RunningOutlet outlet = start()) {
            RunningOutlet.awaitPosition(file, "branch", first);
            writer.put(topic, 0, 9L, "nobody", 10L);
            writer.end(topic);
            writer.abort();
            writer.put(topic, 0, 1L, "Ani", 3L);
            writer.commit();
            outlet.await(
                    s -> s.shapes().get(0).endOffset() > 4 && s.shapes().get(0).lagRows() == 0);
            assertThat(OutletDump.of(file).tables().get("accounts")).isEqualTo(Map.of("[1]", List.of(1L, "Ani", 10L)));

            writer.put(topic, 0, 2L, "Budi", 7L);
            ChangeId second = writer.end(topic);
            writer.commit();
            RunningOutlet.awaitPosition(file, "branch", second);
            assertThat(OutletDump.of(file).tables().get("accounts"))
                    .isEqualTo(Map.of("[1]", List.of(1L, "Ani", 3L), "[2]", List.of(2L, "Budi", 7L)));
        }
    }

    @Test
    void aRecordThatIsDuplicatedOrLateHasNoEffect() {
        String topic = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS), Map.of());
        writer.put(topic, 0, 1L, "Ani", 10L);
        ChangeId old = writer.id();
        writer.end(topic);
        writer.put(topic, 0, 1L, "Ani", 20L);
        writer.end(topic);
        writer.commit();
        writer.createPrivate();
        writer.tell();
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.isComplete());
            writer.send(
                    topic,
                    old,
                    "[0,1]".getBytes(StandardCharsets.UTF_8),
                    "[1,\"Ani\",10]".getBytes(StandardCharsets.UTF_8));
            ChangeId last = writer.end(topic);
            writer.commit();
            RunningOutlet.awaitPosition(file, "branch", last);
            assertThat(OutletDump.of(file).tables().get("accounts")).isEqualTo(Map.of("[1]", List.of(1L, "Ani", 20L)));
        }
    }

    @Test
    void theServerCanTellHowFarTheOutletIs() {
        String topic = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS), Map.of());
        ChangeId first = writer.end(topic);
        writer.commit();
        writer.createPrivate();
        writer.tell();
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.isComplete());
            Awaitility.await()
                    .atMost(RunningOutlet.LIMIT)
                    .until(() -> ShapeWriter.get(writer.admin()
                                    .listConsumerGroupOffsets(
                                            writer.topics().monitoringGroup("outlet", ShapeWriter.CODE))
                                    .partitionsToOffsetAndMetadata())
                            .values()
                            .stream()
                            .anyMatch(o -> o.metadata().contains("\"applied\":\"" + first + "\"")
                                    && o.metadata().contains("at_ms")));
        }
    }

    private String topic() {
        return writer.outlet(true).shapes().get(0).topic();
    }

    private RunningOutlet start() {
        return RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file);
    }
}
