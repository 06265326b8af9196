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

    private static final int TURNS_MAX = 50;

    private final Map<Long, Path> files = new HashMap<>();

    FirstFiles(Path directory) {
        for (long branch = 1; branch <= BRANCHES; branch++) {
            Path file = directory.resolve("first-" + branch + ".db");
            fill(new OutletId("first", branch), file);
            files.put(branch, file);
        }
    }

    void copy(long branch, Path to) {
        try {
            Files.copy(files.getOrDefault(branch, to), to);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(OutletId id, Path file) {
        Server server = new Server();
        HeadOffice.open(server, BRANCHES);
        Router router = new Router(server, List.of(id));
        Random random = new Random(1);
        SimulatedOutlet outlet = new SimulatedOutlet(
                id, file, new SimulatedOutlet.World(router, new Time(), PlantedBug.NONE, random), Duration.ZERO);
        for (int i = 0; i < TURNS_MAX; i++) {
            outlet.start();
            outlet.turn(BRANCHES * TURNS_MAX, true);
        }
        new Checks(server, router, new Intake(server, PlantedBug.NONE, random)).whole(outlet);
        outlet.crash();
        outlet.file().close();
    }
}
