package dev.warung.bench.soak;

import dev.warung.bench.measure.Wait;
import dev.warung.bench.soak.Disk.Trouble;
import dev.warung.embedded.Pause;
import dev.warung.testkit.pipeline.RoleProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Makes faults and undoes them. Thread: one. */
final class FaultInjector {
    private static final int SLOW_WRITES_A_SECOND = 40;
    private static final Duration NOTICE_LIMIT = Duration.ofSeconds(60);
    private static final Duration TAKEOVER_LIMIT = Duration.ofMinutes(2);
    private static final Duration WALSENDER_LIMIT = Duration.ofSeconds(5);
    private static final int ROWS_TO_FILL = 20_000;

    private final SoakPipeline pipeline;
    private int takeovers;
    private int fenced;
    private int fullDisksNamed;
    private volatile boolean isBackupTroubled;

    /** Ends a fault. */
    @FunctionalInterface
    interface Undo {
        void run() throws Exception;
    }

    FaultInjector(SoakPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Makes the table that is written while a disk is full. */
    void prepare() throws SQLException {
        pipeline.processes()
                .execute("CREATE TABLE penuh (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, isi text)");
    }

    /** Whether this machine allows it. */
    boolean isPossible(FaultKind kind) {
        return trouble(kind)
                .map(trouble -> pipeline.disk(kind.part()).allows(trouble))
                .orElse(true);
    }

    private static Optional<Trouble> trouble(FaultKind kind) {
        return switch (kind) {
            case FULL_REPLICATOR_DISK, FULL_BROKER_DISK -> Optional.of(Trouble.FULL);
            case SLOW_REPLICATOR_DISK, SLOW_BROKER_DISK, SLOW_POSTGRES_DISK -> Optional.of(Trouble.SLOW);
            case STALLED_REPLICATOR_DISK, STALLED_BROKER_DISK, STALLED_POSTGRES_DISK -> Optional.of(Trouble.STALLED);
            default -> Optional.empty();
        };
    }

    /** Makes a fault; empty if there was nothing to do it to, such as a walsender while capture is down. */
    Optional<Undo> begin(FaultKind kind) throws Exception {
        return switch (kind) {
            case KILL_CAPTURE -> killed(pipeline.capture());
            case KILL_REPLICATOR -> killed(pipeline.replicator());
            case KILL_BROKER -> {
                pipeline.kafka().kill();
                yield Optional.of(pipeline.kafka()::start);
            }
            case KILL_POSTGRES -> {
                pipeline.postgres().kill();
                yield Optional.of(pipeline.postgres()::start);
            }
            case RESTART_CAPTURE -> stopped(pipeline.capture());
            case RESTART_REPLICATOR -> stopped(pipeline.replicator());
            case RESTART_BROKER -> {
                pipeline.kafka().stop();
                yield Optional.of(pipeline.kafka()::start);
            }
            case RESTART_POSTGRES -> {
                pipeline.postgres().stop();
                yield Optional.of(pipeline.postgres()::start);
            }
            case PAUSE_CAPTURE -> paused(pipeline.capture().process().pid());
            case PAUSE_REPLICATOR -> paused(pipeline.replicator().process().pid());
            case PAUSE_BROKER -> paused(pipeline.kafka().pid());
            case PAUSE_WALSENDER -> pauseWalSender();
            case TERMINATE_WALSENDER -> terminateWalSender();
            case SLOW_REPLICATOR_DISK,
                    SLOW_BROKER_DISK,
                    SLOW_POSTGRES_DISK,
                    STALLED_REPLICATOR_DISK,
                    STALLED_BROKER_DISK,
                    STALLED_POSTGRES_DISK -> troubled(kind);
            case FULL_REPLICATOR_DISK -> fillReplicatorDisk();
            case FULL_BROKER_DISK -> fillBrokerDisk();
            case TAKEOVER -> takeOver();
        };
    }

    private static Optional<Undo> killed(RoleProcess role) {
        role.process().kill();
        return Optional.of(role::start);
    }

    private static Optional<Undo> stopped(RoleProcess role) {
        role.close();
        return Optional.of(role::start);
    }

    private static Optional<Undo> paused(long pid) {
        return Optional.of(Pause.of(pid)::close);
    }

    private Optional<Undo> pauseWalSender() throws SQLException {
        OptionalLong pid = awaitWalSender();
        return pid.isEmpty() ? Optional.empty() : paused(pid.getAsLong());
    }

    private Optional<Undo> terminateWalSender() throws SQLException {
        OptionalLong pid = awaitWalSender();
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        pipeline.processes().query("select pg_terminate_backend(" + pid.getAsLong() + ")");
        return Optional.of(() -> {});
    }

    /** Capture may just be coming back. */
    private OptionalLong awaitWalSender() throws SQLException {
        long end = System.nanoTime() + WALSENDER_LIMIT.toNanos();
        OptionalLong pid = pipeline.walSender();
        while (pid.isEmpty() && System.nanoTime() < end && pipeline.capture().isAlive()) {
            pid = pipeline.walSender();
        }
        return pid;
    }

    private Optional<Undo> troubled(FaultKind kind) {
        AutoCloseable trouble = pipeline.disk(kind.part()).begin(trouble(kind).orElseThrow(), SLOW_WRITES_A_SECOND);
        return Optional.of(trouble::close);
    }

    /** Full until the replicator says so (I12). */
    private Optional<Undo> fillReplicatorDisk() throws Exception {
        isBackupTroubled = true;
        AutoCloseable full = pipeline.disk(Part.REPLICATOR).begin(Trouble.FULL, 0);
        try {
            writeUntil(
                    "the replicator to name its full disk",
                    () -> pipeline.replicator()
                            .status()
                            .map(status -> status.at("/detail").asText().contains("REPLICA_DISK"))
                            .orElse(false));
            fullDisksNamed++;
        } catch (RuntimeException e) {
            full.close();
            throw e;
        }
        return Optional.of(() -> {
            full.close();
            pipeline.processes().execute("TRUNCATE penuh");
        });
    }

    /** Full until the broker gives up, as Kafka does; then somebody makes room and starts it again. */
    private Optional<Undo> fillBrokerDisk() throws Exception {
        AutoCloseable full = pipeline.disk(Part.BROKER).begin(Trouble.FULL, 0);
        try {
            writeUntil(
                    "the broker to end because of its full disk",
                    () -> !pipeline.kafka().isRunning());
        } catch (RuntimeException e) {
            full.close();
            throw e;
        }
        return Optional.of(() -> {
            full.close();
            pipeline.kafka().kill();
            pipeline.kafka().start();
            pipeline.processes().execute("TRUNCATE penuh");
        });
    }

    private void writeUntil(String what, BooleanSupplier condition) throws SQLException {
        long end = System.nanoTime() + NOTICE_LIMIT.toNanos();
        boolean holds = false;
        while (!holds && System.nanoTime() < end) {
            pipeline.processes()
                    .execute("INSERT INTO penuh (isi) SELECT repeat(md5(g::text), 8) FROM generate_series(1, "
                            + ROWS_TO_FILL + ") g");
            holds = Soak.holdsWithin(Duration.ofSeconds(2), condition);
        }
        if (!holds) {
            throw new BrokenException(Invariant.I12, "waited " + NOTICE_LIMIT.toSeconds() + " s in vain for " + what);
        }
    }

    /** The standby streams when this returns; the old capture wakes up when it is undone, and must find itself fenced (I10). */
    private Optional<Undo> takeOver() {
        RoleProcess old = pipeline.capture();
        RoleProcess standby = pipeline.newCapture();
        standby.start(List.of("--standby"), List.of());
        Wait.until("the standby to stand by", TAKEOVER_LIMIT, () -> SoakPipeline.hasState(standby, "standby"));
        Pause pause = Pause.of(old.process().pid());
        try {
            Wait.until("the standby to take over", TAKEOVER_LIMIT, () -> SoakPipeline.isStreaming(standby));
        } catch (RuntimeException e) {
            pause.close();
            throw new BrokenException(Invariant.I10, e.getMessage() + "\n" + standby.tail());
        }
        pipeline.followedBy(standby);
        takeovers++;
        return Optional.of(() -> {
            pause.close();
            if (!Soak.holdsWithin(TAKEOVER_LIMIT, () -> isFenced(old))) {
                throw new BrokenException(Invariant.I10, "the old capture woke up and was not fenced:\n" + old.tail());
            }
            fenced++;
            old.close();
        });
    }

    private static boolean isFenced(RoleProcess old) {
        return old.status()
                .map(status -> status.at("/failure/code").asText().equals("FENCED"))
                .orElse(false);
    }

    /** Whether readers of the backup may be refused now. */
    boolean isBackupTroubled() {
        return isBackupTroubled;
    }

    /** All faults are over, and what they had held up has arrived. */
    void calm() {
        isBackupTroubled = false;
    }

    int takeovers() {
        return takeovers;
    }

    int fenced() {
        return fenced;
    }

    int fullDisksNamed() {
        return fullDisksNamed;
    }
}
