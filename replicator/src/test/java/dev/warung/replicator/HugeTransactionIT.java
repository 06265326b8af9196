package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.embedded.JavaProcess;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.ModelSource;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One PostgreSQL transaction far larger than the heap: one SQLite commit, bounded memory (I4, I9). */
class HugeTransactionIT {

    private static final int ROWS = Integer.getInteger("huge.rows", 200_000);
    private static final String HEAP = System.getProperty("huge.heap", "64m");

    private static final Map<String, String> WIDE = Map.of("max.message.bytes", String.valueOf(64 << 20));

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    @Test
    void aHugeTransactionBecomesVisibleAtOnceInASmallHeap() {
        Path file = directory.resolve("backup.db");
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            ModelSource source = new ModelSource(log);
            long oid = source.create("a", SchemaRecord.State.COPYING);
            long other = source.create("b", SchemaRecord.State.COPYING);
            source.completeEpoch();
            String before = source.endTransaction().toString();
            log.commitKafka();
            String filler = "x".repeat(200);
            for (int i = 0; i < ROWS; i++) {
                long target = i % 10 == 0 ? other : oid;
                log.row(source.schema(target), RowOp.CREATE, null, new String[] {
                    String.valueOf(i), filler, "1.5", "t", "\\x00"
                });
                if (i % 5_000 == 0) {
                    log.commitKafka();
                }
            }
            source.endTransaction();
            log.commitKafka();

            JavaProcess process = ChildReplicator.start(
                    KAFKA.bootstrapServers(), log, file, List.of("-Xmx" + HEAP), List.of("--buffer-bytes", "8m"));
            Set<Long> counts = new HashSet<>();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(8))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        assertThat(process.isAlive()).as(process.logTail()).isTrue();
                        counts.add(count(file, before));
                        return counts.contains((long) ROWS);
                    });
            ChildReplicator.stop(process);

            assertThat(counts).containsAnyOf(0L, (long) ROWS).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void rowsOfManyMegabytesPassInASmallHeap() {
        Path file = directory.resolve("backup.db");
        try (TestLog log = new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), WIDE, InstantSource.system())) {
            ModelSource source = new ModelSource(log);
            long oid = source.create("a", SchemaRecord.State.COPYING);
            source.completeEpoch();
            for (int i = 0; i < 8; i++) {
                source.write(oid, RowOp.CREATE, new String[] {
                    String.valueOf(i), ("é" + i).repeat(5 << 20), "1.5", "t", "\\x00"
                });
                source.endTransaction();
                log.commitKafka();
            }

            JavaProcess process =
                    ChildReplicator.start(KAFKA.bootstrapServers(), log, file, List.of("-Xmx256m"), List.of());
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
                assertThat(process.isAlive()).as(process.logTail()).isTrue();
                return BackupDump.positionOf(file).equals(log.last().toString());
            });
            ChildReplicator.stop(process);

            assertThat(BackupDump.of(file).tables()).isEqualTo(source.dump());
        }
    }

    private static long count(Path file, String before) {
        String position = BackupDump.positionOf(file);
        if (position.isEmpty() || position.startsWith("1/0/0/") || position.equals(before)) {
            return 0;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)")) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
