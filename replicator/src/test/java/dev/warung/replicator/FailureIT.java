package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.replicator.follow.ReplicatorState;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.ModelSource;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the file or to the log from outside: repaired from the log, or red with the cause; never silent (I12). */
class FailureIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    private TestLog log;
    private ModelSource source;
    private Path file;
    private long oid;

    @BeforeEach
    void write() {
        file = directory.resolve("backup.db");
        log = new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system());
        source = new ModelSource(log);
        oid = source.create("a", SchemaRecord.State.COPYING);
        source.completeEpoch();
        source.endTransaction();
        insert(0, 500);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aDamagedFileIsSetAsideAndBuiltAnew() throws IOException {
        runToTheEnd();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (long page = 2; page * 4096 < bytes.length(); page++) {
                bytes.seek(page * 4096);
                bytes.write(new byte[64]);
            }
        }

        runToTheEnd();

        assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
        assertThat(directory.resolve("backup.db.damaged-1")).exists();
    }

    @Test
    void aForeignFileIsSetAside() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.createStatement().execute("CREATE TABLE precious (id)");
        }

        runToTheEnd();

        assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
        assertThat(directory.resolve("backup.db.damaged-1")).exists();
    }

    @Test
    void aFileThatIsDeletedWhileItIsOpenIsBuiltAnew() throws IOException {
        try (RunningReplicator replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file)) {
            replicator.awaitPosition(log.last().toString());
            Files.delete(file);
            insert(500, 10);

            Awaitility.await()
                    .atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() ->
                            Files.exists(file) && BackupDump.of(file).tables().equals(source.dump()));
        }
    }

    @Test
    void aRecordThatIsNoRowStopsTheReplicatorAndIsNamed() {
        String before = log.last().toString();
        log.raw(
                source.schema(oid),
                "{\"id\":1}".getBytes(StandardCharsets.UTF_8),
                "{\"op\":\"c\",\"after\":{\"id\":".getBytes(StandardCharsets.UTF_8));
        source.endTransaction();
        log.commitKafka();

        try (RunningReplicator replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file)) {
            awaitFailure(replicator);
            assertThat(replicator.status().failure())
                    .contains("LOG_INCONSISTENT", source.schema(oid).topic() + "@501");
        }
        assertThat(BackupDump.positionOf(file)).isIn(before, "");
    }

    @Test
    void aPositionThatHasExpiredLeadsToABootstrap() throws ExecutionException, InterruptedException {
        runToTheEnd();
        insert(500, 100);
        insert(600, 100);
        try (Admin admin = KAFKA.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(log.topics().commits(), 0), RecordsToDelete.beforeOffset(4)))
                    .all()
                    .get();
        }

        runToTheEnd();

        assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
    }

    @Test
    void aTableTopicThatWasCreatedAnewIsNeverTakenForTheTable() {
        runToTheEnd();
        Map<?, ?> before = BackupDump.of(file).tables();
        String topic = source.schema(oid).topic();
        log.delete(topic);
        Awaitility.await().atMost(LIMIT).ignoreExceptions().until(() -> {
            log.create(topic, Map.of());
            return true;
        });
        insert(500, 10);

        try (RunningReplicator replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file)) {
            awaitFailure(replicator);
            assertThat(replicator.status().failure()).contains(topic, "created anew", "--resync");
        }
        assertThat(BackupDump.of(file).tables()).isEqualTo(before);
    }

    private void runToTheEnd() {
        try (RunningReplicator replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file)) {
            replicator.awaitPosition(log.last().toString());
        }
    }

    private static void awaitFailure(RunningReplicator replicator) {
        Awaitility.await().atMost(LIMIT).until(() -> replicator.status().state() == ReplicatorState.FAILED);
    }

    private void insert(int first, int count) {
        for (int i = first; i < first + count; i++) {
            source.write(oid, RowOp.CREATE, new String[] {String.valueOf(i), "n", "1", "t", "\\x00"});
        }
        source.endTransaction();
        log.commitKafka();
    }
}
