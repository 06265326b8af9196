package dev.warung.outlet.simulation;

import dev.warung.outlet.simulation.SimulatedOutlet.Crash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One seed: a shop from its opening until everybody has the same. */
final class Simulation implements AutoCloseable {

    private static final int OUTLETS_MIN = 3;
    private static final int OUTLETS_MORE = 6;
    private static final int PERCENT = 100;
    private static final int ROUNDS_MAX = 100;
    static final List<Duration> CLOCKS = List.of(
            Duration.ZERO, Duration.ofMinutes(3), Duration.ofDays(3650), Duration.ofDays(-1500), Duration.ofHours(-2));

    private final long seed;
    private final Options options;
    private final Random random;
    private final Time time = new Time();
    private final Server server = new Server();
    private final Till till;
    private final HeadOffice office;
    private final Router router;
    private final Intake intake;
    private final Checks checks;
    private final List<SimulatedOutlet> outlets = new ArrayList<>();
    private int step;
    private String last = "";

    /**
     * What all seeds have in common.
     *
     * @param wholeEvery steps between two checks of a whole file
     */
    record Options(FirstFiles files, Path directory, int steps, int wholeEvery, PlantedBug bug) {}

    Simulation(long seed, Options options) {
        this.seed = seed;
        this.options = options;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.till = new Till(random);
        this.office = new HeadOffice(server, till, random, time, FirstFiles.BRANCHES);
        this.intake = new Intake(server, options.bug(), random);
        HeadOffice.open(server, FirstFiles.BRANCHES);
        intake.others(server.commits().get(0));
        // Mostly few: each costs time, and three meet each other more often than eight.
        int more = Math.min(random.nextInt(OUTLETS_MORE), random.nextInt(OUTLETS_MORE));
        int count = OUTLETS_MIN + Math.min(more, random.nextInt(OUTLETS_MORE));
        List<OutletId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(new OutletId("toko-" + (i + 1), 1L + random.nextInt(FirstFiles.BRANCHES)));
        }
        this.router = new Router(server, ids);
        this.checks = new Checks(server, router, intake);
        SimulatedOutlet.World world = new SimulatedOutlet.World(router, time, options.bug(), random);
        for (OutletId id : ids) {
            Path file = options.directory().resolve("seed-" + seed + "-" + id.code() + ".db");
            Duration clock = CLOCKS.get(random.nextInt(CLOCKS.size()));
            options.files().copy(id.branch(), clock, file);
            outlets.add(new SimulatedOutlet(id, file, world, clock));
        }
    }

    /** @throws Violation with the seed, the step and how to see it again */
    void run() {
        try {
            for (step = 1; step <= options.steps(); step++) {
                step();
                if (step % options.wholeEvery() == 0) {
                    outlets.forEach(this::whole);
                }
            }
            drain();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", step " + step + " (" + last + "): " + e.getMessage() + "\nTo see it again: "
                            + "./mvnw verify -pl outlet-consumer -am -DskipITs -Dtest=WritesSimulationTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=" + seed
                            + " -Dsimulation.steps=" + options.steps(),
                    e);
        }
    }

    private void step() {
        time.pass(passing());
        SimulatedOutlet outlet = any();
        int choice = random.nextInt(PERCENT);
        if (choice < 20) {
            last = outlet.id().code() + " writes";
            till.write(outlet);
        } else if (choice < 38) {
            last = outlet.id().code() + " works";
            turn(outlet, random.nextInt(3) == 0);
        } else if (choice < 49) {
            last = "the server writes";
            intake.others(office.write());
        } else if (choice < 64) {
            last = "intake";
            intake(outlet);
        } else if (choice < 78) {
            last = "router";
            route();
        } else if (choice < 93) {
            last = outlet.id().code() + " upload moves";
            outlet.moveUpload();
            outlet.answer(random.nextInt(5) > 0);
        } else if (choice < 98) {
            last = outlet.id().code() + " link";
            outlet.setLink(!outlet.isLinkUp());
        } else {
            fault(outlet);
        }
    }

    private void fault(SimulatedOutlet outlet) {
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3 -> {
                last = outlet.id().code() + " dies";
                outlet.crash();
            }
            case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> {
                last = outlet.id().code() + " dies while it works";
                outlet.armCrash();
                turn(outlet, true);
                outlet.crash();
            }
            case 13, 14, 15, 16, 17, 18, 19, 20 -> {
                last = outlet.id().code() + " is remembered";
                outlet.save();
            }
            case 21, 22, 23, 24, 25, 26, 27 -> {
                last = outlet.id().code() + " loses power";
                if (outlet.loseUnforced()) {
                    turn(outlet, true);
                    whole(outlet);
                }
            }
            case 28 -> {
                last = outlet.id().code() + " gets another clock";
                outlet.crash();
                outlet.setClock(CLOCKS.get(random.nextInt(CLOCKS.size())));
            }
            default -> {
                last = "a shape gets another topic";
                List<String> shapes = List.copyOf(Shop.SHAPES.keySet());
                router.renew(shapes.get(random.nextInt(shapes.size())), outlet.id());
            }
        }
    }

    private void turn(SimulatedOutlet outlet, boolean hasContact) {
        try {
            if (!outlet.isRunning()) {
                outlet.start();
                // What the process did last before it died is looked at by itself.
                checks.quick(outlet);
            }
            outlet.turn(hasContact);
        } catch (Crash e) {
            outlet.crash();
        }
        checks.quick(outlet);
    }

    private void intake(SimulatedOutlet outlet) {
        for (int i = random.nextInt(3); i >= 0 && outlet.uploads().hasNext(); i--) {
            intake.take(outlet.id(), outlet.uploads(), true);
        }
    }

    private void route() {
        switch (random.nextInt(8)) {
            case 0 -> router.abort();
            case 1, 2 -> router.write(1 + random.nextInt(4));
            default -> {
                router.write(1 + random.nextInt(6));
                router.commit();
            }
        }
    }

    /** It must change nothing: a seed is the same however often is looked. */
    private void whole(SimulatedOutlet outlet) {
        if (outlet.isRunning() && outlet.file().number("SELECT count(*) FROM _warung_journal") == 0) {
            checks.whole(outlet);
        }
    }

    /** Everything works from now on, until nothing is on its way. */
    private void drain() {
        outlets.forEach(SimulatedOutlet::calm);
        int quiet = 0;
        for (int round = 0; quiet < 2; round++) {
            last = "drain " + round;
            if (round > ROUNDS_MAX) {
                break;
            }
            boolean isQuiet = true;
            for (SimulatedOutlet outlet : outlets) {
                time.pass(Duration.ofSeconds(6).toNanos() / 1000);
                turn(outlet, true);
                outlet.moveAll();
                while (outlet.uploads().hasNext()) {
                    isQuiet = false;
                    intake.take(outlet.id(), outlet.uploads(), false);
                }
                isQuiet &= outlet.model().open().isEmpty()
                        && outlet.isQuiet()
                        && outlet.file().number("SELECT count(*) FROM _warung_base") == 0;
            }
            isQuiet &= !router.hasWork();
            router.write(Integer.MAX_VALUE / 2);
            router.commit();
            quiet = isQuiet ? quiet + 1 : 0;
        }
        checks.end(outlets, till, intake.countsOfOthers());
    }

    private SimulatedOutlet any() {
        return outlets.get(random.nextInt(outlets.size()));
    }

    /** Mostly moments, sometimes minutes, now and then days. */
    private long passing() {
        int kind = random.nextInt(PERCENT);
        Duration longest = kind < 90 ? Duration.ofSeconds(2) : kind < 99 ? Duration.ofMinutes(20) : Duration.ofDays(3);
        return 1 + (long) (random.nextDouble() * longest.toNanos() / 1000);
    }

    @Override
    public void close() {
        outlets.forEach(SimulatedOutlet::close);
    }

    /** A directory with files only. */
    static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }
}
