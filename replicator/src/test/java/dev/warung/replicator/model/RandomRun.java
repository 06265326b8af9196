package dev.warung.replicator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.testkit.log.TestLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A random history in a log, with what a backup must show at each of its commits. Thread: one. */
public final class RandomRun {

    private final TestLog log;
    private final Random random;
    private final ModelSource source;
    private final RandomChanges changes;
    private boolean hasShown;
    private final TreeMap<ChangeId, Map<String, List<String>>> expected = new TreeMap<>();

    public RandomRun(TestLog log, Random random) {
        this.log = log;
        this.random = random;
        this.source = new ModelSource(log);
        this.changes = new RandomChanges(source, random);
    }

    /** The initial copy of two tables, as one epoch. */
    public void copy() {
        for (String name : List.of("a", "b")) {
            long oid = source.create(name, SchemaRecord.State.COPYING);
            for (int i = 0; i < 50; i++) {
                source.write(oid, RowOp.READ, changes.values(oid, String.valueOf(i)));
                maybeCommit(20);
            }
        }
        source.completeEpoch();
        end();
        log.commitKafka();
    }

    /** One PostgreSQL transaction, cut into Kafka transactions at random; once in a while a new epoch before it. */
    public void transaction() {
        if (random.nextInt(100) == 0) {
            source.resync(() -> maybeCommit(10));
        }
        int size = random.nextInt(20) == 0 ? 200 : 1 + random.nextInt(6);
        for (int i = 0; i < size; i++) {
            changes.one();
            maybeCommit(30);
        }
        end();
        maybeCommit(2);
    }

    /**
     * Compares what the file shows now with what it must show at its position. A new file shows nothing while the initial copy of an
     * epoch goes on.
     *
     * @return whether it shows anything
     */
    public boolean check(Path file) {
        BackupDump dump = BackupDump.of(file);
        if (dump.position().isEmpty()) {
            return false;
        }
        ChangeId position = ChangeId.parse(dump.position());
        if (!hasShown && dump.tables().isEmpty() && position.commit().equals(Lsn.ZERO)) {
            return false;
        }
        hasShown = true;
        Map.Entry<ChangeId, Map<String, List<String>>> at = expected.floorEntry(position);
        assertThat(dump.tables()).as("at " + dump.position()).isEqualTo(at == null ? Map.of() : at.getValue());
        return true;
    }

    public void finish() {
        log.commitKafka();
    }

    /** What a backup that has applied everything must show. */
    public Map<String, List<String>> end() {
        Map<String, List<String>> now = source.dump();
        expected.put(log.endTransaction(), now);
        return now;
    }

    public Map<String, List<String>> now() {
        return source.dump();
    }

    private void maybeCommit(int oneIn) {
        if (random.nextInt(oneIn) == 0) {
            log.commitKafka();
        }
    }
}
