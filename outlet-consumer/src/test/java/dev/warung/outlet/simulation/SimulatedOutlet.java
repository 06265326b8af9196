package dev.warung.outlet.simulation;

import dev.warung.core.wire.OutletRecord;
import dev.warung.outlet.link.SimulatedSession;
import dev.warung.outlet.replica.OutletReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One outlet: its file, the process that keeps it, the application that writes it, the device's clock, and its link. */
final class SimulatedOutlet implements SimulatedSession.Broker, AutoCloseable {

    private static final List<String> COMPANIONS = List.of("", "-wal", "-shm");
    private static final int CRASH_WITHIN_CALLS = 40;
    private static final int RECORDS_MAX = 12;

    private final OutletId id;
    private final Path file;
    private final World world;
    private final Random random;
    private final UploadLog uploads = new UploadLog();
    private final Uplink uplink;
    private final Map<CompletableFuture<Map<TopicPartition, Long>>, Map<TopicPartition, Long>> asked =
            new LinkedHashMap<>();
    private OutletModel model;
    private OutletFile app;
    private @Nullable OutletReplica replica;
    private @Nullable SimulatedSession session;
    private @Nullable OutletModel savedModel;
    private Duration clockOffset;
    private boolean isLinkUp = true;
    private int callsUntilCrash;
    private int recordsMax = RECORDS_MAX;

    /** What all outlets have in common. */
    record World(Router router, Time time, PlantedBug bug, Random random) {}

    /** The process has died in the middle of something. */
    static final class Crash extends RuntimeException {
        Crash() {
            super("crash", null, false, false);
        }
    }

    SimulatedOutlet(OutletId id, Path file, World world, Duration clockOffset) {
        this.id = id;
        this.file = file;
        this.world = world;
        this.random = world.random();
        this.uplink = new Uplink(uploads, world.time(), random);
        this.clockOffset = clockOffset;
        this.model = new OutletModel(id, world.router());
        this.app = new OutletFile(file);
    }

    OutletId id() {
        return id;
    }

    UploadLog uploads() {
        return uploads;
    }

    OutletModel model() {
        return model;
    }

    OutletFile file() {
        return app;
    }

    boolean isRunning() {
        return replica != null;
    }

    boolean isLinkUp() {
        return isLinkUp;
    }

    Optional<OutletReplica> replica() {
        return Optional.ofNullable(replica);
    }

    long deviceMs() {
        return world.time().nowUs() / 1000 + clockOffset.toMillis();
    }

    /** The application writes, in one transaction. */
    void write(Runnable statements) {
        app.run("BEGIN IMMEDIATE");
        long last = app.number("SELECT coalesce(max(seq), 0) FROM _warung_journal");
        statements.run();
        // SQLite asks the machine for the time; a device's clock may be another.
        app.run("UPDATE _warung_journal SET at_ms = ? WHERE seq > ?", deviceMs(), last);
        app.run("COMMIT");
        savedModel = null;
    }

    void start() {
        if (replica == null) {
            OutletReplica opened = OutletReplica.open(file, OutletReplica.Examination.NONE);
            opened.own(id.id(), id.code());
            opened.commit();
            replica = opened;
        }
    }

    /** The link is good from now on. */
    void calm() {
        isLinkUp = true;
        recordsMax = Integer.MAX_VALUE;
        answer(true);
    }

    /** One round of the process; it may die on the way. */
    void turn(boolean hasContact) {
        OutletReplica running = replica;
        if (running == null) {
            return;
        }
        if (!isLinkUp) {
            running.outbox().capture();
            return;
        }
        SimulatedSession online = session;
        if (online == null) {
            online = new SimulatedSession(running, this, () -> {
                countDown();
                return Instant.ofEpochMilli(deviceMs());
            });
            session = online;
        }
        online.turn(topic -> isCalm() ? recordsMax : random.nextInt(recordsMax + 1), hasContact);
        if (hasContact) {
            running.outbox().maintain();
        }
    }

    /** The process dies at the next, or a later, word with the world outside. */
    void armCrash() {
        callsUntilCrash = 1 + random.nextInt(CRASH_WITHIN_CALLS);
    }

    /** The process is gone; what it had sent may still be on its way. */
    void crash() {
        callsUntilCrash = 0;
        OutletReplica running = replica;
        if (running != null) {
            running.close();
        }
        replica = null;
        session = null;
        asked.clear();
        uplink.orphan();
        if (world.bug() == PlantedBug.FORGETS_UNSENT) {
            app.run("DELETE FROM _warung_ops WHERE state = 'pending'");
        }
    }

    /** Remembers what is certainly on the disk now: what is written after it without being forced there may be lost. */
    void save() {
        if (replica != null) {
            copy("", ".saved");
            savedModel = model.copy();
        }
    }

    /** @return whether anything can be lost */
    boolean loseUnforced() {
        OutletModel saved = savedModel;
        if (saved == null) {
            return false;
        }
        crash();
        app.close();
        copy(".saved", "");
        model = saved;
        savedModel = null;
        app = new OutletFile(file);
        return true;
    }

    void setLink(boolean isUp) {
        isLinkUp = isUp;
    }

    void setClock(Duration offset) {
        clockOffset = offset;
    }

    Duration clockOffset() {
        return clockOffset;
    }

    /** Something happens to what is on its way. */
    void moveUpload() {
        SimulatedSession online = session;
        if (uplink.isInFlight() && online != null && isLinkUp) {
            uplink.move(online);
        } else {
            uplink.straggle();
        }
    }

    /** All that is on its way arrives. */
    void moveAll() {
        SimulatedSession online = session;
        if (online != null) {
            uplink.deliver(online);
        }
        uplink.deliverStragglers();
        answer(true);
    }

    boolean isQuiet() {
        return uplink.isQuiet() && !uploads.hasNext();
    }

    /** What Kafka was asked is answered, or never will be. */
    void answer(boolean isGood) {
        Map<CompletableFuture<Map<TopicPartition, Long>>, Map<TopicPartition, Long>> all = new LinkedHashMap<>(asked);
        asked.clear();
        all.forEach((question, ends) -> {
            if (isGood) {
                question.complete(ends);
            } else {
                question.completeExceptionally(new IllegalStateException("the link is down"));
            }
        });
    }

    /** Where it stands, for whoever looks for the cause of a failure. */
    String describe() {
        StringBuilder text = new StringBuilder(id.code()).append(" at ").append(deviceMs());
        replica()
                .ifPresent(running -> running.feeds()
                        .forEach(feed -> text.append("; ")
                                .append(feed.number())
                                .append(' ')
                                .append(feed.topic())
                                .append(' ')
                                .append(feed.phase())
                                .append(" next ")
                                .append(feed.progress().nextOffset())
                                .append(" of ")
                                .append(world.router().log(id, feed.topic()).end())
                                .append(" end ")
                                .append(feed.progress().end().id())
                                .append(" level ")
                                .append(feed.progress().levelAtMs())));
        return text.append("; ").append(uplink).toString();
    }

    @Override
    public OutletRecord told() {
        return new OutletRecord(
                id.id().toString(),
                id.code(),
                id.code(),
                Map.of(),
                true,
                1,
                world.router().sources(id),
                Shop.WRITABLE);
    }

    @Override
    public long committedEnd(String topic) {
        countDown();
        return world.router().log(id, topic).committedEnd();
    }

    @Override
    public Optional<ConsumerRecord<byte[], byte[]>> record(String topic, long offset) {
        countDown();
        return world.router().log(id, topic).record(offset);
    }

    @Override
    public Future<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        countDown();
        Map<TopicPartition, Long> ends = new HashMap<>();
        if (world.bug() != PlantedBug.SETTLES_AT_ONCE) {
            partitions.forEach(partition -> ends.put(
                    partition, (long) world.router().log(id, partition.topic()).end()));
        }
        if (isCalm() || random.nextBoolean()) {
            return CompletableFuture.completedFuture(ends);
        }
        CompletableFuture<Map<TopicPartition, Long>> later = new CompletableFuture<>();
        asked.put(later, ends);
        return later;
    }

    @Override
    public void sent(byte[] upload) {
        savedModel = null;
        uplink.send(upload);
        countDown();
    }

    @Override
    public long nanoTime() {
        return world.time().nowUs() * 1000;
    }

    @Override
    public void close() {
        crash();
        app.close();
        delete("");
        delete(".saved");
    }

    private boolean isCalm() {
        return recordsMax == Integer.MAX_VALUE;
    }

    private void countDown() {
        if (callsUntilCrash > 0) {
            callsUntilCrash--;
            if (callsUntilCrash == 0) {
                throw new Crash();
            }
        }
    }

    private void copy(String from, String to) {
        try {
            delete(to);
            for (String companion : COMPANIONS.subList(0, 2)) {
                Path source = Path.of(file + from + companion);
                if (Files.exists(source)) {
                    Files.copy(source, Path.of(file + to + companion), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void delete(String suffix) {
        try {
            for (String companion : COMPANIONS) {
                Files.deleteIfExists(Path.of(file + suffix + companion));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
