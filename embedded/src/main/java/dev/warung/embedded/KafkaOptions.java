package dev.warung.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where and how an embedded Kafka broker runs.
 *
 * @param directory holds the logs, the ports and the cluster id
 * @param port of the clients; 0 takes the port used before in this directory, or a free one
 * @param heap as {@code -Xmx} takes it
 * @param properties laid over the broker properties of {@link KafkaServer}
 * @param deleteOnClose the directory is deleted when the broker is closed
 * @param javaHome whose Java runs the broker
 */
public record KafkaOptions(
        Path directory, int port, String heap, Map<String, String> properties, boolean deleteOnClose, Path javaHome) {
    private static final String HEAP = "512m";

    public KafkaOptions {
        properties = Map.copyOf(properties);
    }

    public static KafkaOptions temporary() {
        return new KafkaOptions(Directories.temporary("warung-kafka"), 0, HEAP, Map.of(), true, ownJava());
    }

    public static KafkaOptions in(Path directory) {
        return new KafkaOptions(directory.toAbsolutePath(), 0, HEAP, Map.of(), false, ownJava());
    }

    public KafkaOptions withPort(int newPort) {
        return new KafkaOptions(directory, newPort, heap, properties, deleteOnClose, javaHome);
    }

    public KafkaOptions withHeap(String newHeap) {
        return new KafkaOptions(directory, port, newHeap, properties, deleteOnClose, javaHome);
    }

    /** E.g. {@code log.segment.bytes} or {@code log.cleaner.backoff.ms}. */
    public KafkaOptions withProperty(String name, String value) {
        Map<String, String> more = new TreeMap<>(properties);
        more.put(name, value);
        return new KafkaOptions(directory, port, heap, more, deleteOnClose, javaHome);
    }

    public KafkaOptions withJavaHome(Path newJavaHome) {
        return new KafkaOptions(directory, port, heap, properties, deleteOnClose, newJavaHome);
    }

    private static Path ownJava() {
        return JavaProcess.Jvm.current().home();
    }
}
