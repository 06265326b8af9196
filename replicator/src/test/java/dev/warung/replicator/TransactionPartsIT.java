package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.ModelSource;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Capture's commits end where it has gathered enough, inside transactions too: what that means for the replicator's own (I4). */
class TransactionPartsIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    private TestLog log;
    private ModelSource source;
    private Path file;
    private long oid;

    @BeforeEach
    void createTable() {
        file = directory.resolve("backup.db");
        log = new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system());
        source = new ModelSource(log);
        oid = source.create("a", SchemaRecord.State.COPYING);
        source.completeEpoch();
        log.commitKafka();
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void whatIsWholeIsSeenWhileTheNextTransactionHasNotEnded() {
        write(1);
        ChangeId whole = source.endTransaction();
        Map<String, ?> rows = source.dump();
        write(2);
        log.commitKafka();
        try (RunningReplicator replicator = start()) {
            replicator.awaitPosition(whole.toString());
            assertThat(BackupDump.of(file).tables()).isEqualTo(rows);

            write(3);
            log.commitKafka();
            write(4);
            ChangeId second = source.endTransaction();
            write(5);
            log.commitKafka();
            replicator.awaitPosition(second.toString());

            source.endTransaction();
            log.commitKafka();
            replicator.awaitPosition(log.last().toString());
            assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
        }
    }

    @Test
    void aBatchSpansPartsWhileTheRestIsThere() {
        int parts = 60;
        for (int i = 0; i < parts; i++) {
            write(2L * i);
            source.endTransaction();
            write(2L * i + 1);
            log.commitKafka();
        }
        source.endTransaction();
        log.commitKafka();

        try (RunningReplicator replicator = start()) {
            replicator.awaitPosition(log.last().toString());
            assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
            // One for each part, if parts ended batches.
            assertThat(replicator.commits()).isLessThan(parts);
        }
    }

    private RunningReplicator start() {
        return RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file);
    }

    private void write(long id) {
        source.write(oid, RowOp.CREATE, new String[] {String.valueOf(id), "x", "1.5", "t", "\\x00"});
    }
}
