package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.replicator.follow.Hold;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.ModelSource;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class HoldIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    private TestLog log;
    private ModelSource source;
    private RunningReplicator replicator;
    private Path file;
    private long oid;

    @BeforeEach
    void start() {
        file = directory.resolve("backup.db");
        log = new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system());
        source = new ModelSource(log);
        oid = source.create("a", SchemaRecord.State.COPYING);
        source.completeEpoch();
        source.endTransaction();
        log.commitKafka();
        replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file);
        replicator.awaitPosition(log.last().toString());
    }

    @AfterEach
    void stop() {
        replicator.close();
        log.close();
    }

    @Test
    void standsExactlyBeforeACommitInTheMiddleOfAKafkaTransaction() throws Exception {
        ChangeId wanted;
        Lsn end;
        String seen;
        try (Hold hold = replicator.gate().hold(Duration.ofSeconds(30))) {
            insert("1");
            insert("2");
            wanted = log.last();
            end = log.nextCommit();
            insert("3");
            insert("4");
            log.commitKafka();
            seen = hold.runBefore(end, () -> BackupDump.of(file).position());

            assertThat(hold.position()).isEqualTo(wanted);
        }

        assertThat(seen).isEqualTo(wanted.toString());
        replicator.awaitPosition(log.last().toString());
        assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
    }

    @Test
    void waitsForACommitThatShowsThatNothingIsMissing() throws Exception {
        try (Hold hold = replicator.gate().hold(Duration.ofSeconds(2))) {
            insert("1");
            log.commitKafka();

            assertThatThrownBy(() -> hold.runBefore(new Lsn(log.nextCommit().value() + 1), () -> ""))
                    .isInstanceOf(TimeoutException.class);
        }
        replicator.awaitPosition(log.last().toString());
    }

    @Test
    void aTransactionInManyKafkaTransactionsIsNotCut() throws Exception {
        try (Hold hold = replicator.gate().hold(Duration.ofSeconds(30))) {
            ChangeId before = log.last();
            Lsn end = log.nextCommit();
            for (int i = 0; i < 5; i++) {
                source.write(oid, RowOp.CREATE, row(String.valueOf(10 + i)));
                log.commitKafka();
            }
            source.endTransaction();
            log.commitKafka();

            assertThat(hold.runBefore(end, () -> BackupDump.of(file).position()))
                    .isEqualTo(before.toString());
        }
        replicator.awaitPosition(log.last().toString());
        assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
    }

    @Test
    void aSecondHoldIsRefusedAndAnEndedLeaseLetsTheReplicatorGoOn() throws Exception {
        Hold abandoned = replicator.gate().hold(Duration.ofSeconds(2));

        assertThatThrownBy(() -> replicator.gate().hold(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class);
        insert("1");
        log.commitKafka();
        replicator.awaitPosition(log.last().toString());
        assertThat(List.of(abandoned.position())).doesNotContain(log.last());
    }

    private void insert(String key) {
        source.write(oid, RowOp.CREATE, row(key));
        source.endTransaction();
    }

    private static String[] row(String key) {
        return new String[] {key, "n", "1", "t", "\\x00"};
    }
}
