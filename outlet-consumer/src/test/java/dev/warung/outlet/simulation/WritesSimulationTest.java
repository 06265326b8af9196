package dev.warung.outlet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Outlets that write while links fail, processes die and power is lost, against the rules that intake uses: I5, I6 and I7 hold after each
 * step, and at the end everybody has the same.
 */
class WritesSimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
    private static final int STEPS = Integer.getInteger("simulation.steps", 120);
    private static final long FIRST_SEED = Long.getLong("simulation.first", 1L);
    private static final Optional<Long> ONLY_SEED = Optional.ofNullable(Long.getLong("simulation.seed"));
    private static final int WHOLE_EVERY = 50;
    private static final int DEFAULT_SEEDS = 500;
    private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private static Path directory;
    private static FirstFiles files;

    @BeforeAll
    static void begin() throws IOException {
        Path memory = Path.of("/dev/shm");
        directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "warung-simulation")
                : Files.createTempDirectory("warung-simulation");
        files = new FirstFiles(directory);
    }

    @AfterAll
    static void end() throws IOException {
        Simulation.delete(directory);
    }

    @Test
    void everyInvariantHoldsAfterEachStep() throws InterruptedException {
        long first = ONLY_SEED.orElse(FIRST_SEED);
        long last = ONLY_SEED.orElse(FIRST_SEED + SEEDS - 1);
        AtomicLong next = new AtomicLong(first);
        AtomicLong cpuMs = new AtomicLong();
        Map<Long, Throwable> failures = new ConcurrentSkipListMap<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread worker = new Thread(() -> {
                for (long seed = next.getAndIncrement();
                        seed <= last && failures.isEmpty();
                        seed = next.getAndIncrement()) {
                    try {
                        run(seed, ONLY_SEED.isPresent() ? 1 : WHOLE_EVERY, PlantedBug.NONE);
                    } catch (RuntimeException | AssertionError e) {
                        failures.put(seed, e);
                    }
                }
                cpuMs.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000);
            });
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        failures.values().forEach(failure -> {
            throw new AssertionError(failure.getMessage(), failure);
        });
        System.out.printf("%d seeds of %d steps: %d ms of CPU%n", last - first + 1, STEPS, cpuMs.get());
    }

    @ParameterizedTest
    @EnumSource(value = PlantedBug.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aPlantedBugIsFound(PlantedBug bug) {
        Optional<AssertionError> found = Optional.empty();
        for (long seed = 1; seed <= DEFAULT_SEEDS && found.isEmpty(); seed++) {
            try {
                run(seed, WHOLE_EVERY, bug);
            } catch (AssertionError e) {
                found = Optional.of(e);
            }
        }
        assertThat(found).as("%s in %s seeds", bug, DEFAULT_SEEDS).isPresent();
        assertThat(found.get()).hasRootCauseInstanceOf(Violation.class);
        System.out.println(
                bug + ": " + found.get().getMessage().lines().findFirst().orElse(""));
    }

    private static void run(long seed, int wholeEvery, PlantedBug bug) {
        try (Simulation simulation =
                new Simulation(seed, new Simulation.Options(files, directory, STEPS, wholeEvery, bug))) {
            simulation.run();
        }
    }
}
