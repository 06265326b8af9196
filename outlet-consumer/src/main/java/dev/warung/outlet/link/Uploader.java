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
    private static final int IN_FLIGHT_MAX = 2;
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);
    private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(5);
    private static final String TOO_LARGE = "TOO_LARGE";

    private final ServerLink link;
    private final OutletReplica replica;
    private final Outbox outbox;
    private final InstantSource clock;
    private final long session;
    private final Set<UUID> inFlight = new HashSet<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
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

    Uploader(ServerLink link, OutletReplica replica, InstantSource clock) {
        this.link = link;
        this.lastAgain = link.nanoTime();
        this.notBefore = link.nanoTime();
        this.replica = replica;
        this.outbox = replica.outbox();
        this.clock = clock;
        this.session = outbox.beginSession();
        int again = outbox.sendAgain(Long.MAX_VALUE);
        if (again > 0) {
            LOG.info("{} writes without an answer are sent again", again);
        }
    }

    /** Sends what there is, without waiting for Kafka to have it. Requires that no transaction is open. */
    void work(OutletRecord outlet) {
        Outcome outcome = outcomes.poll();
        while (outcome != null) {
            take(outcome);
            outcome = outcomes.poll();
        }
        long now = link.nanoTime();
        if (now - notBefore < 0 || !outlet.enabled()) {
            return;
        }
        if (now - lastAgain > AGAIN_AFTER.toNanos()) {
            lastAgain = now;
            outbox.sendAgain(clock.millis() - AGAIN_AFTER.toMillis());
        }
        while (inFlight.size() < IN_FLIGHT_MAX) {
            Optional<Outbox.Parcel> parcel = outbox.next(clock.millis());
            if (parcel.isEmpty()) {
                return;
            }
            send(outlet, parcel.get());
        }
    }

    private void send(OutletRecord outlet, Outbox.Parcel parcel) {
        Sender sender =
                new Sender(UUID.fromString(outlet.id()), outlet.code(), outlet.generation(), session, Optional.empty());
        Upload whole = Upload.whole(parcel.upload(), sender, clock.millis() * 1000, parcel.groups());
        inFlight.add(parcel.upload());
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
        if (failure instanceof RecordTooLargeException && outcome.single().isPresent()) {
            UUID op = outcome.single().get();
            LOG.warn("Write {} is too large to be sent: {}", op, failure.getMessage());
            outbox.refuse(op, TOO_LARGE, "The row is too large to be sent", clock.millis());
            replica.commit();
        } else {
            LOG.warn("Upload {} is sent again: {}", outcome.upload(), failure.toString());
            notBefore = link.nanoTime() + WAIT_AFTER_FAILURE.toNanos();
        }
        outbox.sendAgain(outcome.upload());
    }
}
