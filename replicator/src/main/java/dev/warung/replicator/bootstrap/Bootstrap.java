package dev.warung.replicator.bootstrap;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import dev.warung.replicator.backup.BackupReplica;
import dev.warung.replicator.backup.BackupReplica.Examination;
import dev.warung.replicator.backup.BackupReplica.Rows;
import dev.warung.replicator.backup.Checkpoint;
import dev.warung.replicator.backup.TableStatus;
import dev.warung.replicator.log.ChangeLogReader;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.log.LogPosition;
import dev.warung.replicator.log.LogRecord;
import dev.warung.replicator.log.LogTail;
import dev.warung.replicator.log.ReaderOptions;
import dev.warung.replicator.log.ReaderOptions.Coverage;
import dev.warung.replicator.log.Step;
import dev.warung.replicator.log.TopicScan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a replica in a file of its own: every topic from its start to its end, then the log of commits until a commit at which nothing
 * that compaction removed can be missing.
 *
 * <p>Why that is enough: a record that compaction removed was replaced by a later one of the same key, which was in the log when the gap
 * was passed. So after all that was in the log then has been applied, each key has its newest value.
 *
 * <p>Used only by the replicator thread.
 */
public final class Bootstrap {

    private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final int ROWS_A_TRANSACTION = 50_000;

    private final LogConnection log;
    private final Topics topics;
    private final Path building;
    private final long bufferBytesMax;
    private final Consumer<String> progress;

    private final Map<String, Long> readTo = new HashMap<>();
    private final Map<String, ChangeId> newest = new HashMap<>();
    private long records;
    private long uncommitted;

    /** @param progress receives one line about what is going on, now and then */
    public Bootstrap(LogConnection log, Topics topics, Path building, long bufferBytesMax, Consumer<String> progress) {
        this.log = log;
        this.topics = topics;
        this.building = building;
        this.bufferBytesMax = bufferBytesMax;
        this.progress = progress;
    }

    /**
     * Builds the file.
     *
     * @param from the newest position record
     * @param knownTopicIds the topic ids that the present backup was built from; empty if there is none
     * @return whether the file is complete and closed; false if {@code stop} came first
     * @throws PipelineException LOG_INCONSISTENT if the log has lost rows
     */
    public boolean run(PositionRecord from, Map<String, String> knownTopicIds, CountDownLatch stop) {
        ReplicaFiles.delete(building);
        TopicSoundness soundness = TopicSoundness.of(log, topics, from, knownTopicIds);
        try (BackupReplica replica = BackupReplica.open(building, Rows.COMPACTED, Examination.NONE)) {
            readSchema(replica, stop);
            boolean isNew = true;
            while (isNew && stop.getCount() > 0) {
                isNew = false;
                for (String topic : unread(replica)) {
                    isNew = true;
                    soundness.check(topic);
                    pass(replica, topic, stop);
                }
            }
            replica.commitOutOfSight();
            FaultPoints.hit("bootstrap.passed");
            return stop.getCount() > 0 && follow(replica, from, stop);
        }
    }

    private List<String> unread(BackupReplica replica) {
        return replica.tables().stream()
                .map(TableStatus::schema)
                .map(s -> s.topic())
                .filter(t -> !readTo.containsKey(t))
                .toList();
    }

    /** Reads the schema topic on to its end: descriptions may be newer than the rows, which are brought forward. */
    private void readSchema(BackupReplica replica, CountDownLatch stop) {
        long from = readTo.getOrDefault(topics.schema(), 0L);
        long to = new TopicScan(log.consumer()).read(topics.schema(), from, stop, replica::applySchema);
        readTo.put(topics.schema(), to);
    }

    private void pass(BackupReplica replica, String topic, CountDownLatch stop) {
        long from = 0;
        boolean isWhole = false;
        while (!isWhole && stop.getCount() > 0) {
            Pass pass = new Pass(replica);
            long to = new TopicScan(log.consumer()).read(topic, from, stop, pass);
            if (pass.unknownFrom >= 0) {
                from = pass.unknownFrom;
                readSchema(replica, stop);
            } else {
                readTo.put(topic, to);
                isWhole = true;
            }
            if (!replica.hasTopic(topic)) {
                return;
            }
        }
        LOG.info("Bootstrap: topic {} read, {} records so far", topic, records);
        progress.accept(records + " records read, last topic " + topic);
    }

    /** One reading of a topic; goes deaf at the first row whose schema version is not known yet. */
    private final class Pass implements TopicScan.Receiver {

        private final BackupReplica replica;
        private long unknownFrom = -1;

        Pass(BackupReplica replica) {
            this.replica = replica;
        }

        @Override
        public void accept(LogRecord record) {
            if (unknownFrom >= 0) {
                return;
            }
            if (!replica.knowsVersion(record.version())) {
                unknownFrom = record.offset();
            } else {
                applyRow(replica, record);
            }
        }
    }

    private void applyRow(BackupReplica replica, LogRecord record) {
        ChangeId last = newest.getOrDefault(record.topic(), ChangeId.NONE);
        if (!replica.hasTopic(record.topic()) || last.isAfter(record.id())) {
            return;
        }
        newest.put(record.topic(), record.id());
        replica.apply(record);
        records++;
        if (++uncommitted >= ROWS_A_TRANSACTION) {
            uncommitted = 0;
            replica.commitOutOfSight();
            progress.accept(records + " records read, now in topic " + record.topic());
        }
    }

    private boolean follow(BackupReplica replica, PositionRecord from, CountDownLatch stop) {
        LogPosition start = new LogPosition(from.commitsFrom(), ChangeId.NONE, ChangeId.NONE, readTo);
        ChangeLogReader reader = new ChangeLogReader(
                log.consumer(),
                log.topicIds(),
                new ReaderOptions(topics, bufferBytesMax, Coverage.COMPACTED),
                start,
                Map.of());
        long needed = LogTail.of(log.admin(), topics.commits());
        Lsn commit = Lsn.ZERO;
        long committedAtUs = 0;
        boolean isBetweenTransactions = false;
        while (stop.getCount() > 0) {
            Step step = reader.next(WAIT);
            if (step instanceof LogRecord record) {
                isBetweenTransactions = false;
                follow(replica, record);
            } else if (step instanceof Step.TransactionEnded ended) {
                commit = ended.end().commit();
                committedAtUs = ended.end().committedAtUs();
            } else if (step instanceof Step.CommitRead read) {
                isBetweenTransactions = read.commit().kind() != CommitRecord.Kind.PART;
            }
            if (reader.takeHole()) {
                needed = LogTail.of(log.admin(), topics.commits());
            }
            if (isBetweenTransactions && !reader.isInsideCommit() && reader.readTo() >= needed) {
                replica.declareNotNulls();
                replica.commit(
                        new Checkpoint(
                                reader.position(),
                                commit,
                                committedAtUs,
                                from.epochStart(),
                                new Checkpoint.Totals(records, 0)),
                        reader.topicIds());
                LOG.info(
                        "Bootstrap: consistent at change {} after {} records",
                        reader.position().applied(),
                        records);
                return true;
            }
        }
        return false;
    }

    private void follow(BackupReplica replica, LogRecord record) {
        if (record.topic().equals(topics.schema())) {
            replica.applySchema(record);
        } else {
            applyRow(replica, record);
        }
    }
}
