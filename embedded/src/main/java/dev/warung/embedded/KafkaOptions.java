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
        Path directory,
        int port,
        List<String> jvm,
        Map<String, String> properties,
        boolean deleteOnClose,
        Path javaHome) {
    private static final String HEAP = "-Xmx";
    private static final List<String> JVM = List.of(HEAP + "512m", "-XX:+UseSerialGC");

    public KafkaOptions {
        jvm = List.copyOf(jvm);
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

    /** @param heap as {@code -Xmx} takes it */
    public KafkaOptions withHeap(String heap) {
        List<String> others = new ArrayList<>(jvm);
        others.removeIf(option -> option.startsWith(HEAP));
        return new KafkaOptions(directory, port, others, properties, deleteOnClose, javaHome).withJvm(HEAP + heap);
    }

    /** Starts sooner and never gets as fast: for a broker that does not live long. */
    public KafkaOptions forShortLife() {
        return withJvm("-XX:TieredStopAtLevel=1");
    }

    private KafkaOptions withJvm(String option) {
        List<String> more = new ArrayList<>(jvm);
        more.add(option);
        return new KafkaOptions(directory, port, more, properties, deleteOnClose, javaHome);
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
