package dev.warung.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where and how an embedded Kafka broker runs.
 *
 * @param directory holds the logs, the ports and the cluster id
 * @param port of the clients; 0 takes the port used before in this directory, or a free one
 * @param jvm options of the broker's JVM
 * @param properties laid over the broker properties of {@link KafkaServer}
 * @param deleteOnClose the directory is deleted when the broker is closed
 * @param javaHome whose Java runs the broker
 */
public record KafkaOptions(
        Path directory, int port, Jvm jvm, Map<String, String> properties, boolean deleteOnClose, Path javaHome) {

    private static final Jvm JVM = new Jvm(
            "512m",
            // Kafka's own choice: with the serial collector a broker of this size stands still for more than 100 ms at
            // a time.
            List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35"));

    /**
     * The broker's JVM.
     *
     * @param heap as {@code -Xmx} takes it
     * @param tuning further options: collector, compiler
     */
    public record Jvm(String heap, List<String> tuning) {
        public Jvm {
            tuning = List.copyOf(tuning);
        }

        List<String> options() {
            List<String> options = new ArrayList<>(tuning);
            options.add("-Xmx" + heap);
            return options;
        }
    }

    public KafkaOptions {
        properties = Map.copyOf(properties);
    }

    public static KafkaOptions temporary() {
        return new KafkaOptions(Directories.temporary("warung-kafka"), 0, JVM, Map.of(), true, ownJava());
    }

    public static KafkaOptions in(Path directory) {
        return new KafkaOptions(directory.toAbsolutePath(), 0, JVM, Map.of(), false, ownJava());
    }

    public KafkaOptions withPort(int newPort) {
        return new KafkaOptions(directory, newPort, jvm, properties, deleteOnClose, javaHome);
    }

    public KafkaOptions withHeap(String heap) {
        return with(new Jvm(heap, jvm.tuning()));
    }

    /** Starts sooner and never gets as fast: for a broker that does not live long. */
    public KafkaOptions forShortLife() {
        return with(new Jvm(jvm.heap(), List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")));
    }

    private KafkaOptions with(Jvm newJvm) {
        return new KafkaOptions(directory, port, newJvm, properties, deleteOnClose, javaHome);
    }

    /** E.g. {@code log.segment.bytes} or {@code log.cleaner.backoff.ms}. */
    public KafkaOptions withProperty(String name, String value) {
        Map<String, String> more = new TreeMap<>(properties);
        more.put(name, value);
        return new KafkaOptions(directory, port, jvm, more, deleteOnClose, javaHome);
    }

    public KafkaOptions withJavaHome(Path newJavaHome) {
        return new KafkaOptions(directory, port, jvm, properties, deleteOnClose, newJavaHome);
    }

    private static Path ownJava() {
        return JavaProcess.Jvm.current().home();
    }
}
