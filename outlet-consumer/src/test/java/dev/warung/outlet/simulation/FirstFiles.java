package dev.warung.outlet.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files of outlets that have read their shapes for the first time: one for each branch, copied for each outlet. */
final class FirstFiles {

    static final int BRANCHES = 2;

    private static final int TURNS_MAX = 4;

    private final Map<Kind, Path> files = new HashMap<>();

    /** @param clock the device's, which is noted in the file */
    private record Kind(long branch, Duration clock) {}

    FirstFiles(Path directory) {
        for (long branch = 1; branch <= BRANCHES; branch++) {
            for (Duration clock : Simulation.CLOCKS) {
                Path file = directory.resolve("first-" + branch + clock + ".db");
                fill(new OutletId("first", branch), file, clock);
                files.put(new Kind(branch, clock), file);
            }
        }
    }

    void copy(long branch, Duration clock, Path to) {
        try {
            Files.copy(files.getOrDefault(new Kind(branch, clock), to), to);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(OutletId id, Path file, Duration clock) {
        Server server = new Server();
        HeadOffice.open(server, BRANCHES);
        Router router = new Router(server, List.of(id));
        Random random = new Random(1);
        SimulatedOutlet outlet = new SimulatedOutlet(
                id, file, new SimulatedOutlet.World(router, new Time(), PlantedBug.NONE, random), clock);
        outlet.calm();
        for (int i = 0; i < TURNS_MAX; i++) {
            outlet.start();
            outlet.turn(true);
        }
        new Checks(server, router, new Intake(server, PlantedBug.NONE, random)).whole(outlet);
        outlet.crash();
        outlet.file().close();
    }
}
