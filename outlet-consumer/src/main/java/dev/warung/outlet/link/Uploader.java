package dev.warung.outlet.link;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.upload.Sender;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.replica.Outbox;
import dev.warung.outlet.replica.OutletReplica;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the application has written. What was sent over an earlier connection and has no answer is sent again: the server does each
 * op once.
 *
 * <p>Used only by the outlet thread; Kafka's thread only says what became of a record.
 */
final class Uploader {

    private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);
    /** More would turn the order of the writes around when one does not arrive and the next one does. */
    private static final int IN_FLIGHT_MAX = 1;

    private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);
    private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(5);
    private static final String TOO_LARGE = "TOO_LARGE";

    private final ServerLink link;
    private final OutletReplica replica;
    private final Outbox outbox;
    private final OutletMetrics metrics;
    private final InstantSource clock;
    private final Set<UUID> inFlight = new HashSet<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    /** Empty until something may be sent. */
    private Optional<Outbox.Session> session = Optional.empty();
    /** Whether the server has to be told which file sends now, if there is nothing else to be sent. */
    private boolean isHelloDue;

    private boolean mayBeCopy = true;
    private boolean hasBecomeAnother;
    private long lastAgain;
    private long notBefore;

    /**
     * What became of a record.
     *
     * @param single the only op in it, if it has only one
     */
    private record Outcome(
            UUID upload,
            Optional<UUID> single,
            boolean isLast,
            @Nullable Exception failure) {}

    Uploader(ServerLink link, OutletReplica replica, OutletMetrics metrics, InstantSource clock) {
        this.link = link;
        this.metrics = metrics;
        this.lastAgain = link.nanoTime();
        this.notBefore = link.nanoTime();
        this.replica = replica;
        this.outbox = replica.outbox();
        this.clock = clock;
    }

    /** Rows have come: what the server says of this file may be among them. */
    void rowsHaveCome() {
        mayBeCopy = true;
    }

    /** Whether the file has become one of its own since this was asked last, so that everything is to be read anew. */
    boolean hasBecomeAnother() {
        boolean has = hasBecomeAnother;
        hasBecomeAnother = false;
        return has;
    }

    /** Sends what there is, without waiting for Kafka to have it. Requires that no transaction is open. */
    void work(OutletRecord outlet) {
        Outcome outcome = outcomes.poll();
        while (outcome != null) {
            take(outcome);
            outcome = outcomes.poll();
        }
        examine();
        long now = link.nanoTime();
        boolean isWanted = !outlet.writable().isEmpty() || outbox.isAnyOpen();
        if (hasBecomeAnother || now - notBefore < 0 || !isWanted) {
            return;
        }
        Outbox.Session current = session.orElseGet(this::begin);
        // Nobody answers a disabled outlet: its writes are sent once, and are kept for review.
        if (outlet.enabled() && now - lastAgain > AGAIN_AFTER.toNanos()) {
            lastAgain = now;
            outbox.sendAgain(clock.millis() - AGAIN_AFTER.toMillis());
        }
        while (inFlight.size() < IN_FLIGHT_MAX) {
            Optional<Outbox.Parcel> parcel = outbox.next(clock.millis());
            if (parcel.isEmpty() && !(isHelloDue && outlet.enabled())) {
                return;
            }
            isHelloDue = false;
            send(outlet, current, parcel.orElseGet(() -> new Outbox.Parcel(UUID.randomUUID(), List.of())));
        }
    }

    /** Whoever copied the file has gone on with it, or this is what was copied: the server tells which. */
    private void examine() {
        if (mayBeCopy) {
            mayBeCopy = false;
            if (outbox.isCopy()) {
                LOG.warn(
                        "This file is a copy of another, or was put back from a backup: it becomes a file of its own, sends again"
                                + " what has no answer, and reads everything anew");
                outbox.becomeAnother();
                session = Optional.empty();
                hasBecomeAnother = true;
            }
        }
    }

    private Outbox.Session begin() {
        Outbox.Session begun = outbox.beginSession();
        session = Optional.of(begun);
        isHelloDue = true;
        int again = outbox.sendAgain(Long.MAX_VALUE);
        if (again > 0) {
            LOG.info("{} writes without an answer are sent again", again);
        }
        return begun;
    }

    private void send(OutletRecord outlet, Outbox.Session current, Outbox.Parcel parcel) {
        Sender sender = new Sender(
                UUID.fromString(outlet.id()),
                outlet.code(),
                outlet.generation(),
                current.number(),
                Optional.of(current.file()));
        Upload whole = Upload.whole(parcel.upload(), sender, clock.millis() * 1000, parcel.groups());
        inFlight.add(parcel.upload());
        metrics.sending(whole.ops());
        FaultPoints.hit("outlet.uploading");
        for (Upload part : UploadCodec.cut(whole)) {
            Optional<UUID> single = part.ops() == 1
                    ? Optional.of(part.groups().get(0).ops().get(0)).map(UploadOp::id)
                    : Optional.empty();
            boolean isLast = part.part() == part.parts();
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(link.uploadTopic(), 0, UploadCodec.key(part), UploadCodec.encode(part));
            try {
                Producer<byte[], byte[]> producer = link.producer();
                var unused = producer.send(
                        record, (done, failure) -> outcomes.add(new Outcome(part.id(), single, isLast, failure)));
            } catch (KafkaException e) {
                outcomes.add(new Outcome(part.id(), single, true, e));
                return;
            }
        }
    }

    private void take(Outcome outcome) {
        Exception failure = outcome.failure();
        if (failure == null) {
            if (outcome.isLast()) {
                FaultPoints.hit("outlet.uploaded");
                inFlight.remove(outcome.upload());
            }
            return;
        }
        inFlight.remove(outcome.upload());
        isHelloDue = true;
        if (failure instanceof RecordTooLargeException && outcome.single().isPresent()) {
            UUID op = outcome.single().get();
            LOG.warn("Write {} is too large to be sent: {}", op, failure.getMessage());
            outbox.refuse(op, TOO_LARGE, "The row is too large to be sent", clock.millis());
            replica.commit();
        } else {
            metrics.uploadFailed();
            LOG.warn("Upload {} is sent again: {}", outcome.upload(), failure.toString());
            notBefore = link.nanoTime() + WAIT_AFTER_FAILURE.toNanos();
        }
        outbox.sendAgain(outcome.upload());
    }
}
