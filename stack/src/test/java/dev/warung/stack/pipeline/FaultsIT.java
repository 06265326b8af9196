package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What operators and disks do to a pipeline (I12): each fault is named within a minute, with the command that repairs it, or repaired
 * by itself; afterwards the backup is identical again (I1).
 */
@Tag("faults")
@Timeout(600)
class FaultsIT {

    private static final Duration DETECTION = Duration.ofSeconds(60);
    private static final String RESYNC = "warung capture --resync";

    @TempDir
    private Path directory;

    @Test
    void aSlotDroppedWhileCaptureRuns() throws Exception {
        try (Pipeline pipeline = running()) {
            await().atMost(DETECTION).ignoreExceptions().until(() -> {
                pipeline.execute("SELECT pg_terminate_backend(active_pid), pg_drop_replication_slot(slot_name)"
                        + " FROM pg_replication_slots WHERE slot_name = 'warung'");
                return pipeline.query("SELECT count(*) FROM pg_replication_slots")
                        .equals("0");
            });
            sell(pipeline, 10);

            assertRefused(pipeline, "SLOT_MISSING");
            assertRepairedBy(pipeline, "--resync");
        }
    }

    @Test
    void aSlotAdvancedBySomeoneElse() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.capture().kill();
            sell(pipeline, 10);
            await().atMost(DETECTION)
                    .ignoreExceptions()
                    .until(() -> pipeline.query(
                                    "SELECT count(*) FROM pg_replication_slot_advance('warung', pg_current_wal_lsn())")
                            .equals("1"));
            pipeline.startCapture();

            assertRefused(pipeline, "SLOT_AHEAD");
            assertRepairedBy(pipeline, "--resync");
        }
    }

    @Test
    void aPublicationThatWasDropped() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.execute("DROP PUBLICATION warung");
            sell(pipeline, 10);

            assertRefused(pipeline, "PUBLICATION_CHANGED");
            assertRepairedBy(pipeline, "--resync");
        }
    }

    @Test
    void aPublicationThatWasDroppedAndMadeAgainByHand() throws Exception {
        try (Pipeline pipeline = running()) {
            String tables = pipeline.query("SELECT string_agg(format('%I.%I', schemaname, tablename), ', ')"
                    + " FROM pg_publication_tables WHERE pubname = 'warung'");
            pipeline.execute("DROP PUBLICATION warung");
            sell(pipeline, 10);
            pipeline.execute("CREATE PUBLICATION warung FOR TABLE " + tables
                    + " WITH (publish_via_partition_root = true, publish_generated_columns = stored)");

            assertRefused(pipeline, "PUBLICATION_CHANGED");
            assertRepairedBy(pipeline, "--resync");
        }
    }

    @Test
    void aTableDroppedWhileCaptureIsDown() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.capture().kill();
            sell(pipeline, 10);
            pipeline.execute("DROP TABLE barang");
            pipeline.execute("CREATE TABLE barang (id bigint PRIMARY KEY, nama text, rak int)");
            pipeline.execute("INSERT INTO barang VALUES (1, 'baru', 7)");
            pipeline.startCapture();

            pipeline.drain();
            assertThat(pipeline.backupCount("barang WHERE rak = 7")).isEqualTo(1);
            pipeline.assertIdentical();
        }
    }

    @Test
    void aServerRestoredToThePast() throws Exception {
        try (Pipeline pipeline = running()) {
            Path past = snapshotOfPostgres(pipeline);
            sell(pipeline, 50);
            pipeline.drain();

            restorePostgres(pipeline, past);

            assertRefused(pipeline, "SERVER_CHANGED");
            assertRepairedBy(pipeline, "--resync");
        }
    }

    @Test
    void aServerRestoredToThePastWhoseWalHasPassedTheLogAgain() throws Exception {
        try (Pipeline pipeline = running()) {
            Path past = snapshotOfPostgres(pipeline);
            sell(pipeline, 20);
            pipeline.drain();
            String before = pipeline.query("SELECT pg_current_wal_lsn()");

            pipeline.capture().kill();
            restorePostgres(pipeline, past);
            sell(pipeline, 2000);
            pipeline.execute("SELECT pg_switch_wal()");
            sell(pipeline, 1);
            assertThat(pipeline.query("SELECT pg_current_wal_lsn() > '" + before + "'::pg_lsn"))
                    .isEqualTo("t");
            pipeline.startCapture();

            assertRefused(pipeline, "SERVER_CHANGED");
            assertRepairedBy(pipeline, "--resync");
        }
    }

    @Test
    void aBrokerThatLostItsTailIsFilledAgain() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.kafka().kill();
            Path older = directory.resolve("kafka-older");
            Trees.copy(directory.resolve("kafka"), older);
            pipeline.kafka().start();
            sell(pipeline, 50);
            pipeline.drain();

            pipeline.kafka().kill();
            Trees.delete(directory.resolve("kafka"));
            Trees.copy(older, directory.resolve("kafka"));
            pipeline.kafka().start();

            sell(pipeline, 10);
            pipeline.drain();
            pipeline.assertIdentical();
            assertThat(pipeline.log().problems()).isEmpty();
        }
    }

    @Test
    void aTableTopicDeletedAndMadeAgain() throws Exception {
        try (Pipeline pipeline = running()) {
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", pipeline.kafka().bootstrapServers()))) {
                admin.deleteTopics(List.of("warung.public.barang.1")).all().get();
                await().atMost(DETECTION)
                        .ignoreExceptions()
                        .until(() -> admin.createTopics(List.of(new NewTopic("warung.public.barang.1", 1, (short) 1)))
                                        .all()
                                        .get()
                                == null);
            }
            sell(pipeline, 10);

            await().atMost(DETECTION).untilAsserted(() -> {
                JsonNode status = pipeline.replicatorStatus();
                assertThat(status.at("/healthy").asBoolean()).isFalse();
                assertThat(status.at("/detail").asText())
                        .contains("LOG_INCONSISTENT", "warung.public.barang.1", RESYNC);
            });
            assertRepairedBy(pipeline, "--resync");
        }
    }

    /** With it go the numbers of the generations: the new epoch must not write behind the rows of the old one. */
    @Test
    void aSchemaTopicThatWasDeleted() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.capture().close();
            pipeline.execute("DELETE FROM barang WHERE id <= 5");
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", pipeline.kafka().bootstrapServers()))) {
                admin.deleteTopics(List.of("warung.schema")).all().get();
            }
            pipeline.startCapture();

            assertRefused(pipeline, "LOG_INCONSISTENT");
            pipeline.replicator().close();
            pipeline.deleteBackup();
            pipeline.capture().close();
            pipeline.startCaptureOnce("--resync");
            pipeline.startReplicator();
            pipeline.drain();
            pipeline.assertIdentical();
        }
    }

    @Test
    void aBrokerThatLostEverythingIsFilledByANewEpoch() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.kafka().kill();
            Trees.delete(directory.resolve("kafka/data"));
            pipeline.kafka().start();
            sell(pipeline, 10);

            pipeline.drain();
            pipeline.assertIdentical();
            assertThat(pipeline.captureStatus().at("/epoch").asInt()).isEqualTo(2);
        }
    }

    @Test
    void aBackupReplacedByAnOlderCopy() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.replicator().kill();
            Path older = directory.resolve("older.db");
            Trees.copy(pipeline.backup(), older);
            pipeline.startReplicator();
            sell(pipeline, 20);
            pipeline.drain();

            pipeline.replicator().kill();
            pipeline.deleteBackup();
            Trees.copy(older, pipeline.backup());
            pipeline.startReplicator();

            pipeline.drain();
            pipeline.assertIdentical();
        }
    }

    @Test
    void aBackupReplacedOrDeletedWhileItIsOpen() throws Exception {
        try (Pipeline pipeline = running()) {
            pipeline.deleteBackup();
            sell(pipeline, 10);

            pipeline.drain();
            pipeline.assertIdentical();
        }
    }

    @Test
    void aBackupThatIsCorrupt() throws Exception {
        try (Pipeline pipeline = running()) {
            sell(pipeline, 3000);
            pipeline.drain();
            pipeline.replicator().kill();
            try (FileChannel file = FileChannel.open(pipeline.backup(), StandardOpenOption.WRITE)) {
                for (long page = 2; page * 4096 < file.size(); page += 3) {
                    file.write(ByteBuffer.wrap("rusak".repeat(200).getBytes(StandardCharsets.US_ASCII)), page * 4096);
                }
            }
            pipeline.startReplicator();

            pipeline.drain();
            pipeline.assertIdentical();
        }
    }

    /** A pipeline that is level, with a table of goods. */
    private Pipeline running() throws SQLException {
        Pipeline pipeline = new Pipeline(directory, Map.of());
        pipeline.execute("CREATE TABLE barang (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, nama text)");
        pipeline.execute("INSERT INTO barang (nama) SELECT 'awal ' || g FROM generate_series(1, 100) g");
        pipeline.startCapture();
        pipeline.startReplicator();
        pipeline.drain();
        return pipeline;
    }

    private static void sell(Pipeline pipeline, int rows) throws SQLException {
        pipeline.execute("INSERT INTO barang (nama) SELECT 'jual ' || g FROM generate_series(1, " + rows + ") g");
    }

    private static void assertRefused(Pipeline pipeline, String code) {
        await().atMost(DETECTION).ignoreException(UncheckedIOException.class).untilAsserted(() -> {
            JsonNode status = pipeline.captureStatus();
            assertThat(status.at("/failure/code").asText())
                    .as("status: %s", status)
                    .isEqualTo(code);
            assertThat(status.at("/healthy").asBoolean()).isFalse();
            assertThat(status.at("/failure/remedy").asText()).contains(RESYNC);
        });
    }

    private static void assertRepairedBy(Pipeline pipeline, String flag) throws SQLException {
        pipeline.capture().close();
        pipeline.startCaptureOnce(flag);
        pipeline.drain();
        pipeline.assertIdentical();
    }

    /** A copy of PostgreSQL's files as a crash would leave them. */
    private Path snapshotOfPostgres(Pipeline pipeline) throws IOException, SQLException {
        pipeline.postgres().kill();
        Path past = directory.resolve("past");
        Trees.copy(pipeline.postgres().dataDirectory(), past);
        pipeline.postgres().start();
        pipeline.drain();
        return past;
    }

    private static void restorePostgres(Pipeline pipeline, Path past) throws IOException {
        pipeline.postgres().kill();
        Trees.delete(pipeline.postgres().dataDirectory());
        Trees.copy(past, pipeline.postgres().dataDirectory());
        pipeline.postgres().start();
    }
}
