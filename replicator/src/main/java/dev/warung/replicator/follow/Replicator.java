package dev.warung.replicator.follow;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.replica.WriterLock;
import dev.warung.core.runtime.Backoff;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import dev.warung.replicator.backup.BackupReplica;
import dev.warung.replicator.backup.BackupReplica.Examination;
import dev.warung.replicator.backup.BackupReplica.Rows;
import dev.warung.replicator.backup.Checkpoint;
import dev.warung.replicator.bootstrap.Bootstrap;
import dev.warung.replicator.log.ChangeLogReader;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.log.LogPosition;
import dev.warung.replicator.log.LogPositions;
import dev.warung.replicator.log.ReaderOptions;
import dev.warung.replicator.log.ReaderOptions.Coverage;
import dev.warung.replicator.log.ResyncNeededException;
import dev.warung.replicator.routing.Router;
import dev.warung.replicator.routing.RouterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the backup going: opens it, brings it to where the log can be followed, follows, and after any failure begins again from what is
 * durable.
 *
 * <pre>
 * no file, log young      → follow from the start of the epoch
 * no file, log old        → bootstrap → follow
 * position in the log     → follow
 * log lacks what we need  → bootstrap → follow (the old content stays readable until then)
 * file damaged            → set aside → as if there were none
 * anything else           → say it, wait, again
 * </pre>
 *
 * <p>Thread: {@link #run} on one thread, the replicator thread, which owns the SQLite file and the consumer.
 */
public final class Replicator {

    private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);
    private static final Duration WAIT_FOR_LOG = Duration.ofMillis(500);
    private static final String BUILDING = ".building";

    private final Options options;
    private final Supplier<LogConnection> connect;
    private final ReplicatorMetrics metrics;
    private final InstantSource clock;
    private final HoldDesk desk;
    private final Backoff backoff;
    private final CountDownLatch stop = new CountDownLatch(1);

    private boolean isExamined;
    private boolean isResyncNeeded;
    /** Another router has taken over. */
    private boolean isRoutingLost;

    /**
     * What to replicate and where to.
     *
     * @param followWithin a new backup follows the log from the start of the epoch if that is younger than this; compaction leaves
     *     records alone for longer
     * @param retryMax longest wait between two tries
     * @param routing how changes are routed to shapes; empty if another replicator does
     */
    public record Options(
            Path file,
            Topics topics,
            FollowOptions follow,
            Duration followWithin,
            Duration retryMax,
            Optional<RouterOptions> routing) {}

    public Replicator(
            Options options,
            Supplier<LogConnection> connect,
            ReplicatorMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.options = options;
        this.connect = connect;
        this.metrics = metrics;
        this.clock = clock;
        this.desk = new HoldDesk(() -> metrics.status().state());
        this.backoff = new Backoff(Duration.ofMillis(250), options.retryMax(), random);
    }

    public ApplyGate gate() {
        return desk;
    }

    /**
     * Runs until {@link #stop}.
     *
     * @throws PipelineException REPLICA_IN_USE, at once, if another process writes the file
     */
    public void run() throws InterruptedException {
        try (WriterLock ignored = WriterLock.take(options.file())) {
            while (stop.getCount() > 0) {
                try {
                    session();
                    backoff.reset();
                } catch (RuntimeException e) {
                    recover(e);
                }
            }
            LOG.info("Stopped");
        }
    }

    /** Asks the replicator thread to finish what is whole and to end. */
    public void stop() {
        stop.countDown();
    }

    private void session() throws InterruptedException {
        Examination examination = isExamined ? Examination.NONE : Examination.THOROUGH;
        try (LogConnection log = connect.get();
                BackupReplica replica = BackupReplica.open(options.file(), Rows.EVERY, examination)) {
            isExamined = true;
            Optional<Checkpoint> checkpoint = replica.checkpoint();
            Optional<PositionRecord> newest = LogPositions.newest(log, options.topics());
            if (newest.isEmpty()) {
                awaitLog(checkpoint);
                return;
            }
            PositionRecord position = newest.get();
            if (needsBootstrap(log, checkpoint, position)) {
                bootstrap(log, replica, position);
                return;
            }
            follow(log, replica, checkpoint.orElseGet(() -> startOf(position)));
        } finally {
            metrics.unwatch();
        }
    }

    private boolean needsBootstrap(LogConnection log, Optional<Checkpoint> checkpoint, PositionRecord position) {
        if (isResyncNeeded) {
            return true;
        }
        if (checkpoint.isEmpty()) {
            return !LogPositions.isAllAfter(
                    log,
                    options.topics(),
                    position.epochStart(),
                    clock.instant().minus(options.followWithin()));
        }
        int epoch = checkpoint.get().log().applied().epoch();
        if (position.epoch() < epoch) {
            throw new ResyncNeededException("the log is in epoch " + position.epoch() + ", the backup in " + epoch);
        }
        return false;
    }

    private void awaitLog(Optional<Checkpoint> checkpoint) throws InterruptedException {
        if (checkpoint.isPresent()) {
            throw new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    "The log with prefix '" + options.topics().prefix() + "' is empty, but the backup has position "
                            + checkpoint.get().log().applied() + ": another cluster or prefix?");
        }
        metrics.show(metrics.status().with(ReplicatorState.WAITING, "", ""));
        if (stop.await(WAIT_FOR_LOG.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.info("Asked to stop while waiting for the log");
        }
    }

    private static Checkpoint startOf(PositionRecord position) {
        return new Checkpoint(
                new LogPosition(position.epochStart(), ChangeId.NONE, ChangeId.NONE, Map.of()),
                Lsn.ZERO,
                0,
                position.epochStart(),
                new Checkpoint.Totals(0, 0));
    }

    private void bootstrap(LogConnection log, BackupReplica replica, PositionRecord position) {
        LOG.info(
                "Building the backup from the compacted topics; what is in {} stays readable until then",
                replica.file());
        metrics.show(metrics.status().with(ReplicatorState.BOOTSTRAPPING, "", "reading schemas"));
        Path building = ReplicaFiles.beside(options.file(), BUILDING);
        Bootstrap bootstrap = new Bootstrap(
                log,
                options.topics(),
                building,
                options.follow().bufferBytesMax(),
                line -> metrics.show(metrics.status().with(ReplicatorState.BOOTSTRAPPING, "", line)));
        if (bootstrap.run(position, replica.topicIds(), stop)) {
            replica.restoreFrom(building);
            FaultPoints.hit("bootstrap.restored");
            ReplicaFiles.delete(building);
            isResyncNeeded = false;
            LOG.info("The backup {} is consistent", replica.file());
        }
    }

    private void follow(LogConnection log, BackupReplica replica, Checkpoint checkpoint) throws InterruptedException {
        // Before the reader, which needs the consumer for itself.
        Optional<Router> router = route(log, replica, checkpoint);
        try {
            follow(log, replica, checkpoint, router);
        } finally {
            router.ifPresent(Router::close);
        }
    }

    private void follow(LogConnection log, BackupReplica replica, Checkpoint checkpoint, Optional<Router> router)
            throws InterruptedException {
        ChangeLogReader reader = new ChangeLogReader(
                log.consumer(),
                log.topicIds(),
                new ReaderOptions(options.topics(), options.follow().bufferBytesMax(), Coverage.EXACT),
                checkpoint.log(),
                replica.topicIds());
        LOG.info("Following the log after change {}", checkpoint.log().applied());
        metrics.watch(log.consumer());
        PublishedPosition published = new PublishedPosition(log.consumer(), options.topics());
        FollowSession session = new FollowSession(
                reader,
                replica,
                checkpoint,
                new FollowSession.Surroundings(
                        options.follow(), metrics, desk, options.topics().schema(), router));
        session.run(stop, () -> {
            backoff.reset();
            published.publish(reader.position());
        });
    }

    private Optional<Router> route(LogConnection log, BackupReplica replica, Checkpoint checkpoint) {
        return options.routing().filter(routing -> !isRoutingLost).map(routing -> {
            Router router = Router.open(routing, log, replica, checkpoint.log().applied(), clock);
            metrics.routed(router.status());
            return router;
        });
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        desk.fail(failure);
        if (failure instanceof ResyncNeededException && !isResyncNeeded) {
            LOG.warn("The log cannot be followed from here, the backup will be rebuilt: {}", failure.getMessage());
            isResyncNeeded = true;
            return;
        }
        PipelineException known = explain(failure);
        metrics.failed(known.code());
        if (known.code() == ErrorCode.FENCED) {
            LOG.error(
                    "{} This replicator goes on without routing until it is started again",
                    known.getMessage(),
                    failure);
            isRoutingLost = true;
            metrics.routingLost(String.valueOf(known.getMessage()));
            return;
        }
        if (known.code() == ErrorCode.REPLICA_DAMAGED) {
            Path aside = ReplicaFiles.setAside(options.file());
            LOG.error("The backup was damaged and is rebuilt from the log; the old file is {}", aside, failure);
            isExamined = false;
        } else {
            LOG.error("{}", known.getMessage(), failure);
        }
        metrics.show(metrics.status().with(ReplicatorState.FAILED, String.valueOf(known.getMessage()), ""));
        if (backoff.awaitNext(stop)) {
            LOG.info("Asked to stop after a failure");
        }
    }

    private static PipelineException explain(RuntimeException failure) {
        if (failure instanceof PipelineException known) {
            return known;
        }
        if (failure instanceof ResyncNeededException) {
            return new PipelineException(
                    ErrorCode.LOG_INCONSISTENT,
                    "The log cannot be bootstrapped from: " + failure.getMessage() + ".",
                    failure);
        }
        if (failure instanceof OffsetOutOfRangeException) {
            return new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE,
                    "The log moved under the reader: " + failure.getMessage() + ".",
                    failure);
        }
        if (failure instanceof KafkaException) {
            return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, failure + ".", failure);
        }
        return new PipelineException(ErrorCode.UNEXPECTED, failure + ".", failure);
    }
}
