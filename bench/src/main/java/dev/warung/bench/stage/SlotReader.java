package dev.warung.bench.stage;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.Wait;
import dev.warung.bench.reader.DebeziumReaderMain;
import dev.warung.bench.reader.RawReaderMain;
import dev.warung.bench.reader.RowCounter;
import dev.warung.core.change.Lsn;
import dev.warung.embedded.JavaProcess;
import dev.warung.embedded.Pause;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A child JVM that reads its own slot and throws the rows away: the raw client, or Debezium with a null sink. */
public final class SlotReader implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final BenchServers servers;
    private final String slot;
    private final JavaProcess process;
    private final RowCounter counter;

    private SlotReader(BenchServers servers, String slot, JavaProcess process, RowCounter counter) {
        this.servers = servers;
        this.slot = slot;
        this.process = process;
        this.counter = counter;
    }

    /** The driver's replication stream, discarded. */
    public static SlotReader raw(BenchServers servers, BenchSetup setup, String slot, String publication) {
        servers.createSlot(slot);
        return start(
                servers,
                slot,
                spec(servers, setup, RawReaderMain.class, slot)
                        .withArgs(counterFile(servers, slot).toString(), slot, publication));
    }

    /** Debezium's embedded engine, discarded. */
    public static SlotReader debezium(
            BenchServers servers, BenchSetup setup, DebeziumReaderMain.Mode mode, String slot, String publication) {
        Lsn from = servers.createSlot(slot);
        List<String> arguments = new ArrayList<>(
                List.of(mode.name(), counterFile(servers, slot).toString(), BenchTable.ID.toString(), from.toString()));
        arguments.addAll(List.of("--slot", slot, "--publication", publication));
        arguments.addAll(List.of("--kafka", servers.kafka().bootstrapServers()));
        JavaProcess.Spec spec =
                spec(servers, setup, DebeziumReaderMain.class, slot).withArgs(arguments);
        return start(
                servers,
                slot,
                mode == DebeziumReaderMain.Mode.CAPTURE
                        ? spec
                        : spec.withJvm(spec.jvm()
                                .withClassPath(debeziumFirst(spec.jvm().classPath()))));
    }

    private static JavaProcess.Spec spec(BenchServers servers, BenchSetup setup, Class<?> main, String slot) {
        return JavaProcess.Spec.of(main.getName(), servers.directory().resolve(slot + ".log"))
                .withJvmOptions(setup.captureJvm().toArray(String[]::new))
                .withEnvironment(Map.of("WARUNG_POSTGRES_URL", servers.postgresText()))
                .withJvm(JavaProcess.Jvm.current().withHome(setup.javaHome()));
    }

    /** Debezium's own jars before capture's, which replaces one of its classes. */
    static String debeziumFirst(String classPath) {
        List<String> entries = List.of(classPath.split(File.pathSeparator, -1));
        return String.join(
                File.pathSeparator,
                Stream.concat(
                                entries.stream().filter(SlotReader::isDebezium),
                                entries.stream().filter(entry -> !isDebezium(entry)))
                        .toList());
    }

    private static boolean isDebezium(String entry) {
        return Path.of(entry).getFileName() != null
                && Path.of(entry).getFileName().toString().startsWith("debezium-");
    }

    private static Path counterFile(BenchServers servers, String slot) {
        return servers.directory().resolve(slot + ".rows");
    }

    private static SlotReader start(BenchServers servers, String slot, JavaProcess.Spec spec) {
        RowCounter counter = new RowCounter(counterFile(servers, slot));
        SlotReader reader = new SlotReader(servers, slot, JavaProcess.start(spec), counter);
        try {
            Wait.until(
                    "a reader of slot " + slot,
                    START_LIMIT,
                    () -> reader.requireAlive().isRead());
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private SlotReader requireAlive() {
        if (!process.isAlive()) {
            throw new BenchException("The reader of slot " + slot + " has ended:\n" + process.logTail());
        }
        return this;
    }

    private boolean isRead() {
        return servers.walSender(slot).isPresent();
    }

    public JavaProcess process() {
        return process;
    }

    public long walSender() {
        return servers.walSender(slot)
                .orElseThrow(() -> new BenchException("Nobody reads slot " + slot + ":\n" + process.logTail()));
    }

    /** Stops what PostgreSQL sends to it, until the pause is closed. */
    public Pause pauseSource() {
        return Pause.of(walSender());
    }

    /** Rows since it began. */
    public long rows() {
        requireAlive();
        return counter.rows();
    }

    @Override
    public void close() {
        process.kill();
        servers.dropSlot(slot);
    }
}
