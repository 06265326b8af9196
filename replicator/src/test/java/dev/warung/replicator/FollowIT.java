package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.ModelSource;
import dev.warung.replicator.model.RandomChanges;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCommitOfTheBackupEqualsTheSourceAtSomeCommit(long seed) {
        Random random = new Random(seed);
        Path file = directory.resolve("backup.db");
        TreeMap<ChangeId, Map<String, List<String>>> expected = new TreeMap<>();
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            ModelSource source = new ModelSource(log);
            RandomChanges changes = new RandomChanges(source, random);
            copy(source, changes);
            expected.put(log.endTransaction(), source.dump());
            log.commitKafka();
            RunningReplicator replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file);
            try {
                for (int i = 0; i < 400; i++) {
                    if (random.nextInt(100) == 0) {
                        source.resync(() -> maybeCommit(log, random, 10));
                    }
                    transaction(log, changes, random);
                    expected.put(log.endTransaction(), source.dump());
                    maybeCommit(log, random, 2);
                    if (random.nextInt(40) == 0) {
                        replicator.close();
                        replicator = RunningReplicator.start(KAFKA.bootstrapServers(), log.topics(), file);
                    }
                    if (random.nextInt(10) == 0) {
                        check(file, expected);
                    }
                }
                log.commitKafka();
                replicator.awaitPosition(log.last().toString());
            } finally {
                replicator.close();
            }
            assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
            assertThat(replicator.status().failure()).isEmpty();
        }
    }

    private static void copy(ModelSource source, RandomChanges changes) {
        for (String name : List.of("a", "b")) {
            long oid = source.create(name, SchemaRecord.State.COPYING);
            for (int i = 0; i < 50; i++) {
                source.write(oid, RowOp.READ, changes.values(oid, String.valueOf(i)));
            }
        }
        source.completeEpoch();
    }

    private static void transaction(TestLog log, RandomChanges changes, Random random) {
        int size = random.nextInt(20) == 0 ? 200 : 1 + random.nextInt(6);
        for (int i = 0; i < size; i++) {
            changes.one();
            maybeCommit(log, random, 30);
        }
    }

    private static void maybeCommit(TestLog log, Random random, int oneIn) {
        if (random.nextInt(oneIn) == 0) {
            log.commitKafka();
        }
    }

    private static void check(Path file, NavigableMap<ChangeId, Map<String, List<String>>> expected) {
        BackupDump dump = BackupDump.of(file);
        if (!dump.position().isEmpty()) {
            Map.Entry<ChangeId, Map<String, List<String>>> at = expected.floorEntry(ChangeId.parse(dump.position()));
            assertThat(dump.tables()).as("at " + dump.position()).isEqualTo(at == null ? Map.of() : at.getValue());
        }
    }
}
