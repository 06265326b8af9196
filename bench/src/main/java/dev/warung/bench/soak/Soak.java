package dev.warung.bench.soak;

import dev.warung.bench.Machine;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.stage.BenchDirectory;
import dev.warung.testkit.check.BankReader;
import dev.warung.testkit.load.BankLoad;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Random faults of every process and disk of a pipeline under load, in small groups; after each group everything must arrive, and every
 * invariant must hold.
 *
 * <p>Thread: one.
 */
public final class Soak {
    private static final int WRITERS = 2;
    private static final int WRITER_PAUSE_MS = 250;
    /** Verification reads every table; the other checks follow each group. */
    private static final int FAULTS_BETWEEN_VERIFICATIONS = 7;

    private static final long STEP_NANOS = Duration.ofMillis(50).toNanos();
    private static final double NANOS = 1e9;

    private final SoakOptions options;
    private final Consumer<String> progress;
    private final long startedAt = System.nanoTime();
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private final List<FaultInjector.Undo> open = new ArrayList<>();
    private int faults;
    private int groups;

    private Soak(SoakOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
        Arrays.stream(FaultKind.values()).forEach(kind -> counts.put(kind, 0));
    }

    /** Soaks a pipeline of its own. */
    public static SoakReport run(SoakOptions options, Consumer<String> progress) {
        if (!ProcessUsage.isAvailable()) {
            throw new BenchException("The soak reads /proc, which only Linux has.");
        }
        BenchDirectory.prepare(options.setup().directory());
        SoakReport report = new Soak(options, progress).run();
        if (report.isComplete()) {
            BenchDirectory.delete(options.setup().directory());
        }
        return report;
    }

    /** What happens at a moment of a group: a fault begins, or what undoes it. */
    private record Event(long atMs, PlannedFault fault, Optional<FaultInjector.Undo> undo) {}

    private SoakReport run() {
        say("seed " + options.seed());
        try (SoakPipeline pipeline = SoakPipeline.start(options.setup())) {
            FaultInjector injector = new FaultInjector(pipeline);
            List<FaultKind> notAvailable = Arrays.stream(FaultKind.values())
                    .filter(kind -> !injector.isPossible(kind))
                    .toList();
            notAvailable.forEach(kind -> say("not available on this machine: " + kind.says()));
            try {
                prepare(pipeline, injector);
                return soak(pipeline, injector, notAvailable);
            } catch (SQLException e) {
                throw new BenchException("PostgreSQL refuses: " + e.getMessage(), e);
            }
        }
    }

    private void prepare(SoakPipeline pipeline, FaultInjector injector) throws SQLException {
        try (Connection connection = pipeline.processes().connect()) {
            BankLoad.createTables(connection);
            SideLoad.createTables(connection);
        }
        injector.prepare();
        pipeline.startRoles();
        Checks.drain(pipeline);
        say("the pipeline is level");
    }

    private SoakReport soak(SoakPipeline pipeline, FaultInjector injector, List<FaultKind> notAvailable)
            throws SQLException {
        SideLoad side = SideLoad.start(pipeline.processes()::connect, options.seed());
        try (BankReader reader =
                        BankReader.start(pipeline.processes().backup(), message -> isExcused(injector, message));
                Watch watch = Watch.start(pipeline);
                BankLoad load =
                        BankLoad.start(pipeline.processes()::connect, WRITERS, options.seed(), WRITER_PAUSE_MS)) {
            Checks checks = new Checks(pipeline, load, reader, watch);
            Optional<RuntimeException> broken = Optional.empty();
            try {
                makeFaults(injector, checks, notAvailable);
                load.close();
                side.close();
                say(checks.afterFaults());
                say(checks.verify());
            } catch (RuntimeException e) {
                broken = Optional.of(e);
            }
            String tails = broken.isEmpty() ? "" : pipeline.tails();
            undoAll();
            side.close();
            load.close();
            return report(
                    checks, injector, notAvailable, new SoakReport.Load(load.committed(), side.done()), broken, tails);
        } finally {
            undoAll();
            side.close();
        }
    }

    private static boolean isExcused(FaultInjector injector, String message) {
        return injector.isBackupTroubled() && message.matches("(?s).*(FULL|IOERR|CANTOPEN|READONLY).*");
    }

    private void makeFaults(FaultInjector injector, Checks checks, List<FaultKind> notAvailable) throws SQLException {
        FaultSchedule schedule = new FaultSchedule(options.seed());
        int verifiedAt = 0;
        while (faults < options.faultsMax() && elapsed().compareTo(options.length()) < 0) {
            List<PlannedFault> group = schedule.next().stream()
                    .filter(fault -> !notAvailable.contains(fault.kind()))
                    .toList();
            if (group.isEmpty()) {
                continue;
            }
            makeGroup(injector, group);
            groups++;
            say(checks.afterFaults());
            injector.calm();
            if (faults - verifiedAt >= FAULTS_BETWEEN_VERIFICATIONS) {
                verifiedAt = faults;
                say(checks.verify());
            }
        }
    }

    private void makeGroup(FaultInjector injector, List<PlannedFault> group) {
        PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::atMs));
        group.forEach(fault -> events.add(new Event(fault.beginsMs(), fault, Optional.empty())));
        long start = System.nanoTime();
        while (!events.isEmpty()) {
            Event event = events.remove();
            pause(start + Duration.ofMillis(event.atMs()).toNanos() - System.nanoTime());
            try {
                if (event.undo().isPresent()) {
                    open.remove(event.undo().get());
                    event.undo().get().run();
                } else {
                    begin(injector, event.fault()).ifPresent(undo -> {
                        long now = Duration.ofNanos(System.nanoTime() - start).toMillis();
                        events.add(new Event(now + event.fault().lastsMs(), event.fault(), Optional.of(undo)));
                    });
                }
            } catch (BrokenException e) {
                throw e;
            } catch (Exception e) {
                throw new BenchException(event.fault().text() + ": " + e.getMessage(), e);
            }
        }
    }

    private Optional<FaultInjector.Undo> begin(FaultInjector injector, PlannedFault fault) throws Exception {
        Optional<FaultInjector.Undo> undo = injector.begin(fault.kind());
        if (undo.isEmpty()) {
            say("there was nothing for: " + fault.text());
            return undo;
        }
        open.add(undo.get());
        faults++;
        counts.merge(fault.kind(), 1, Integer::sum);
        say("fault " + faults + ": " + fault.text());
        return undo;
    }

    /** Lets go of everything that a broken run has left stopped, stalled or full. */
    private void undoAll() {
        for (FaultInjector.Undo undo : List.copyOf(open)) {
            try {
                undo.run();
            } catch (Exception e) {
                say("could not undo a fault: " + e.getMessage());
            }
        }
        open.clear();
    }

    private SoakReport report(
            Checks checks,
            FaultInjector injector,
            List<FaultKind> notAvailable,
            SoakReport.Load load,
            Optional<RuntimeException> broken,
            String tails) {
        List<SoakReport.Evidence> evidence = new ArrayList<>();
        for (SoakReport.Evidence line : checks.evidence(injector, options)) {
            boolean breaks = broken.filter(e -> e instanceof BrokenException b && b.invariant() == line.invariant())
                    .isPresent();
            evidence.add(breaks ? new SoakReport.Evidence(line.invariant(), false, line.text()) : line);
        }
        SoakReport.Run run = new SoakReport.Run(
                options.seed(),
                options.length().toMinutes(),
                options.faultsMax(),
                faults,
                groups,
                (System.nanoTime() - startedAt) / NANOS);
        return new SoakReport(
                run,
                Machine.of(options.setup().javaHome()),
                counts,
                notAvailable,
                load,
                evidence,
                broken.map(e -> e.getMessage() + "\n\nEverything is kept in "
                        + options.setup().directory() + "\n\n" + tails));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private void say(String what) {
        long seconds = elapsed().toSeconds();
        progress.accept(String.format(Locale.ROOT, "%02d:%02d %s", seconds / 60, seconds % 60, what));
    }

    /** Waits for what no event can be had of; false if it does not hold in time. */
    static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            pause(STEP_NANOS);
        }
        return true;
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new BenchException("interrupted");
            }
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
