package dev.warung.stack.pipeline;

import dev.warung.testkit.fleet.FleetOutlet;
import dev.warung.testkit.fleet.PairReader;
import dev.warung.testkit.pipeline.OutletProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Real outlets, each a process, with a reader that looks into their files all the time. */
final class ProcessDevices implements FleetDevices {

    private final Pipeline pipeline;
    private final Path directory;
    private final Map<String, OutletProcess> outlets = new ConcurrentHashMap<>();
    private final PairReader reader = PairReader.start(this::files);
    private int serial;

    ProcessDevices(Pipeline pipeline, Path directory) {
        this.pipeline = pipeline;
        this.directory = directory;
    }

    private Collection<Path> files() {
        return outlets.values().stream().map(OutletProcess::file).toList();
    }

    Collection<OutletProcess> outlets() {
        return List.copyOf(outlets.values());
    }

    OutletProcess outlet(String code) {
        OutletProcess outlet = outlets.get(code);
        if (outlet == null) {
            throw new IllegalArgumentException("no device " + code);
        }
        return outlet;
    }

    /** How often the reader saw pairs. */
    long samples() {
        return reader.samples();
    }

    @Override
    public void add(FleetOutlet outlet, String id) {
        serial++;
        OutletProcess process = pipeline.newOutlet(outlet.code(), id, directory.resolve(outlet.code() + "-" + serial));
        process.role().start();
        outlets.put(outlet.code(), process);
    }

    @Override
    public void remove(String code) {
        OutletProcess process = outlet(code);
        outlets.remove(code);
        process.throwAway();
    }

    @Override
    public String disturb(Random random, List<FleetOutlet> all) throws IOException {
        String code = all.get(random.nextInt(all.size())).code();
        OutletProcess outlet = outlet(code);
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                outlet.role().close();
                outlet.role().start();
                return "outlet " + code + " was started again";
            }
            case 2 -> {
                outlet.role().process().kill();
                outlet.deleteFile();
                outlet.role().start();
                return "outlet " + code + " lost its file";
            }
            case 3 -> {
                return olderCopy(code, outlet);
            }
            default -> {
                outlet.role().process().kill();
                outlet.role().start();
                return "outlet " + code + " was killed";
            }
        }
    }

    /** The file as it was before; the first time it is only put aside. */
    private static String olderCopy(String code, OutletProcess outlet) throws IOException {
        outlet.role().close();
        Path copy = outlet.directory().resolve("copy.db");
        boolean hasCopy = Files.exists(copy);
        if (hasCopy) {
            outlet.deleteFile();
            Files.copy(copy, outlet.file());
        } else if (Files.exists(outlet.file())) {
            // It was closed in order, so no WAL is left beside it.
            Files.copy(outlet.file(), copy, StandardCopyOption.REPLACE_EXISTING);
        }
        outlet.role().start();
        return "outlet " + code + (hasCopy ? " has an older copy of its file" : " was copied");
    }

    @Override
    public Path file(String code) {
        OutletProcess outlet = outlet(code);
        if (!outlet.role().isAlive()) {
            throw new IllegalStateException(
                    "outlet " + code + " has ended: " + outlet.role().tail());
        }
        return outlet.file();
    }

    @Override
    public List<String> problems() {
        return reader.problems();
    }

    @Override
    public String tail(String code) {
        OutletProcess outlet = outlet(code);
        return "outlet " + code + " says " + outlet.role().status() + "\n"
                + outlet.role().tail();
    }

    @Override
    public void close() {
        reader.close();
        outlets.values().forEach(OutletProcess::close);
    }
}
