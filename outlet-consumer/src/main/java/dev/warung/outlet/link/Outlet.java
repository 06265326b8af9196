package dev.warung.outlet.link;

import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.replica.WriterLock;
import dev.warung.core.runtime.Backoff;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.OutletRecord;
import dev.warung.outlet.replica.FileExamination;
import dev.warung.outlet.replica.OutletReplica;
import dev.warung.outlet.replica.OutletReplica.Examination;
import dev.warung.outlet.replica.Salvage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the outlet's file going: opens it, reads what the private topic says, follows the shapes, and after any failure begins again from
 * what is durable.
 *
 * <pre>
 * no file                       → every shape is read from its start
 * file of another outlet        → set aside → as if there were none
 * file damaged                  → its unsent writes are carried into a new one, it is set aside → as if there were none
 * file older than it was        → each shape goes on where the file stands, or is read anew if it cannot
 * Kafka does not answer         → the file stays readable; wait, again
 * anything else                 → say it, wait, again
 * </pre>
 *
 * <p>Thread: {@link #run} on one thread, the outlet thread, which owns the SQLite file and the consumer.
 */
public final class Outlet {

    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration CAPTURE_EVERY = Duration.ofMillis(100);
    private static final Duration WAIT_FOR_TOPIC = Duration.ofSeconds(2);

    private final Options options;
    private final Supplier<OutletConnection> connect;
    private final OutletMetrics metrics;
    private final InstantSource clock;
    private final Backoff backoff;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean isTriggered = new AtomicBoolean();
    private @Nullable FileExamination examination;

    /**
     * Who the outlet is and where its file is.
     *
     * @param retryMax longest wait between two tries
     */
    public record Options(Path file, Enrolment enrolment, Duration retryMax) {}

    public Outlet(
            Options options,
            Supplier<OutletConnection> connect,
            OutletMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.options = options;
        this.connect = connect;
        this.metrics = metrics;
        this.clock = clock;
        this.backoff = new Backoff(FIRST_RETRY, options.retryMax(), random);
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
                } catch (RuntimeException e) {
                    recover(e);
                }
            }
            LOG.info("Stopped");
        }
    }

    /** Asks the outlet thread to finish what is whole and to end. */
    public void stop() {
        stop.countDown();
    }

    /** Asks the outlet thread to try to reach the server now, if it waits before its next try. Thread: any. */
    public void trigger() {
        isTriggered.set(true);
    }

    private void session() throws InterruptedException {
        Salvage.complete(options.file());
        Examination thorough = examination == null ? Examination.THOROUGH : Examination.NONE;
        try (OutletReplica replica = OutletReplica.open(options.file(), thorough)) {
            own(replica);
            metrics.show(statusOf(replica));
            Optional<OutletConnection> found = connect(replica);
            if (found.isPresent()) {
                try (OutletConnection connection = found.get()) {
                    Uploader uploader = new Uploader(connection, replica, metrics, clock);
                    while (stop.getCount() > 0) {
                        link(connection, replica, uploader);
                    }
                }
            }
        }
    }

    /** Connects; what the application writes meanwhile is taken in as ever. Empty if it was asked to stop. */
    private Optional<OutletConnection> connect(OutletReplica replica) throws InterruptedException {
        while (stop.getCount() > 0) {
            CompletableFuture<OutletConnection> coming = CompletableFuture.supplyAsync(connect);
            while (!isDoneSoon(coming) && stop.getCount() > 0) {
                replica.outbox().capture();
            }
            if (!coming.isDone()) {
                var unused = coming.thenAccept(OutletConnection::close);
                return Optional.empty();
            }
            try {
                return Optional.of(coming.join());
            } catch (CompletionException e) {
                RuntimeException failure = e.getCause() instanceof RuntimeException known ? known : e;
                if (!replica.outbox().isOpen() || explain(failure).code() != ErrorCode.KAFKA_UNREACHABLE) {
                    throw failure;
                }
                stayOffline(replica, failure);
            }
        }
        return Optional.empty();
    }

    private static boolean isDoneSoon(CompletableFuture<?> coming) throws InterruptedException {
        try {
            coming.get(CAPTURE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // whoever joins it is told
        }
    }

    private void stayOffline(OutletReplica replica, RuntimeException failure) throws InterruptedException {
        metrics.failed(ErrorCode.KAFKA_UNREACHABLE);
        LOG.warn("Offline: {}", failure.getMessage());
        long until = System.nanoTime() + backoff.next().toNanos();
        while (System.nanoTime() - until < 0
                && !isTriggered.getAndSet(false)
                && !stop.await(CAPTURE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            replica.outbox().capture();
            metrics.show(statusOf(replica).with(OutletState.OFFLINE, ""));
        }
    }

    /** What an outlet holds is nobody else's business: the rows of another one are not kept in its file. */
    private void own(OutletReplica replica) {
        UUID id = options.enrolment().outlet();
        Optional<UUID> owner = replica.owner();
        if (owner.isPresent() && !owner.get().equals(id)) {
            throw new PipelineException(
                    ErrorCode.REPLICA_DAMAGED,
                    options.file() + " belongs to outlet " + owner.get() + ", not to " + id + ".");
        }
        if (owner.isEmpty()) {
            replica.own(id, options.enrolment().code());
            replica.commit();
        }
    }

    private void link(OutletConnection connection, OutletReplica replica, Uploader uploader)
            throws InterruptedException {
        Optional<OutletRecord> said = connection.privateTopic().read();
        String topic = connection.privateTopic().name();
        if (said.isEmpty()) {
            await(replica, topic);
            return;
        }
        OutletRecord outlet = said.get();
        UUID id = options.enrolment().outlet();
        if (!outlet.id().equals(id.toString())) {
            throw new PipelineException(
                    ErrorCode.OUTLET_UNKNOWN,
                    "Topic " + topic + " belongs to outlet " + outlet.id() + ", not to " + id + ".");
        }
        if (!outlet.enabled()) {
            LOG.warn("The outlet is disabled");
        }
        Assignment assignment = new Assignment(connection, replica, clock, outlet);
        new LinkSession(connection, assignment, replica, uploader, metrics, clock).run(stop, this::isWell);
    }

    /** Only now is there time to look through a large file. */
    private void isWell() {
        backoff.reset();
        FileExamination begun = examination;
        if (begun == null) {
            begun = FileExamination.begin(options.file());
            examination = begun;
        }
        begun.check();
    }

    private void await(OutletReplica replica, String topic) throws InterruptedException {
        if (replica.record().isPresent()) {
            throw new PipelineException(
                    ErrorCode.OUTLET_UNKNOWN, "Topic " + topic + " is gone: was the outlet removed?");
        }
        metrics.show(metrics.status().with(OutletState.WAITING, ""));
        if (stop.await(WAIT_FOR_TOPIC.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("Asked to stop while waiting");
        }
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        PipelineException known = explain(failure);
        metrics.failed(known.code());
        if (known.code() == ErrorCode.REPLICA_DAMAGED) {
            setAside(failure);
            examination = null;
            metrics.show(metrics.status().with(OutletState.FAILED, String.valueOf(known.getMessage())));
            return;
        }
        if (known.code() == ErrorCode.KAFKA_UNREACHABLE) {
            LOG.warn("Offline: {}", known.getMessage());
            metrics.show(metrics.status().with(OutletState.OFFLINE, ""));
        } else {
            LOG.error("{}", known.getMessage(), failure);
            metrics.show(metrics.status().with(OutletState.FAILED, String.valueOf(known.getMessage())));
        }
        if (backoff.awaitNext(stop)) {
            LOG.info("Asked to stop after a failure");
        }
    }

    /** What the application has written and the server has not answered is carried into the new file. */
    private void setAside(RuntimeException failure) {
        Enrolment own = options.enrolment();
        Salvage.Result result = Salvage.prepare(options.file(), own.outlet(), own.code());
        Path aside = ReplicaFiles.setAside(options.file());
        Salvage.complete(options.file());
        LOG.error("The file cannot be used and is built anew; the old one is {}", aside, failure);
        if (result.ops() > 0) {
            LOG.warn("{} writes were carried over from {}", result.ops(), aside);
        }
        if (!result.isWhole()) {
            LOG.warn(
                    "Writes that were not sent may be left in {}. Look for them with 'sqlite3 {} .recover', in the tables"
                            + " _warung_ops and _warung_journal, and enter them once more.",
                    aside,
                    aside);
        }
    }

    /** What the file holds, also where Kafka does not answer. */
    private OutletStatus statusOf(OutletReplica replica) {
        OutletStatus status = metrics.status();
        List<OutletStatus.ShapeStatus> shapes = replica.feeds().stream()
                .map(f -> new OutletStatus.ShapeStatus(f, false, f.progress().nextOffset(), ""))
                .toList();
        return new OutletStatus(
                status.state(),
                replica.record().map(OutletRecord::name).orElse(""),
                replica.record().map(OutletRecord::generation).orElse(0),
                replica.contactAtMs(),
                shapes,
                replica.tableNames(),
                replica.walBytes(),
                replica.outbox().counts(),
                status.failure());
    }

    private static PipelineException explain(RuntimeException failure) {
        if (failure instanceof PipelineException known) {
            return known;
        }
        if (failure instanceof AuthenticationException || failure instanceof AuthorizationException) {
            return new PipelineException(ErrorCode.OUTLET_REFUSED, failure.getMessage() + ".", failure);
        }
        if (failure instanceof KafkaException) {
            return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, failure + ".", failure);
        }
        return new PipelineException(ErrorCode.UNEXPECTED, failure + ".", failure);
    }
}
