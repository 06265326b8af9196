package dev.warung.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A single-node KRaft broker in a child JVM, that can be killed and started again on the same directory and ports. It ends
 * when this JVM ends.
 *
 * <p>Thread: start, stop and kill by one thread at a time.
 */
public final class KafkaServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final String MESSAGE_MAX_BYTES = Integer.toString(64 * 1024 * 1024);
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            // While a transaction is being completed, the next one's first record waits; Kafka's own 20 ms are its
            // whole latency.
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "2"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("message.max.bytes", MESSAGE_MAX_BYTES),
            Map.entry("replica.fetch.max.bytes", MESSAGE_MAX_BYTES),
            Map.entry("socket.request.max.bytes", Integer.toString(100 * 1024 * 1024)),
            Map.entry("log.retention.check.interval.ms", "60000"),
            Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024)),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"));

    private final KafkaOptions options;
    private final int port;
    private final int controllerPort;
    private @Nullable JavaProcess process;

    private KafkaServer(KafkaOptions options, int port, int controllerPort) {
        this.options = options;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    /** Starts a broker; the storage is formatted when there is none. */
    public static KafkaServer start(KafkaOptions options) {
        Path directory = options.directory();
        try {
            Files.createDirectories(directory);
            JavaProcess.endPredecessor(logFile(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int port = options.port() != 0 ? options.port() : Ports.remembered(directory.resolve("port"));
        KafkaServer server = new KafkaServer(options, port, Ports.remembered(directory.resolve("controller-port")));
        server.start();
        return server;
    }

    public static KafkaServer temporary() {
        return start(KafkaOptions.temporary());
    }

    /** Starts it again after a kill or stop; nothing happens when it runs. */
    public void start() {
        if (isRunning()) {
            return;
        }
        JavaProcess started = JavaProcess.start(JavaProcess.Spec.of(KafkaBrokerMain.class.getName(), logFile())
                .withArgs(writeProperties().toString(), clusterId())
                .withJvmOptions(jvmOptions())
                .withJvm(JavaProcess.Jvm.current().withHome(options.javaHome())));
        process = started;
        boolean ready = Await.until(START_LIMIT, () -> answers() || !started.isAlive());
        if (!ready || !started.isAlive()) {
            kill();
            throw new IllegalStateException("Kafka did not start; its log ends with:\n" + started.logTail());
        }
    }

    private String[] jvmOptions() {
        return Stream.concat(
                        options.jvm().options().stream(),
                        Stream.of("-Dlogback.configurationFile=dev/warung/embedded/broker-logback.xml"))
                .toArray(String[]::new);
    }

    private Path writeProperties() {
        Map<String, String> all = new TreeMap<>(PROPERTIES);
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        all.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        all.put("log.dirs", options.directory().resolve("data").toString());
        all.putAll(options.properties());
        Properties properties = new Properties();
        properties.putAll(all);
        Path file = options.directory().resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private String clusterId() {
        Path file = options.directory().resolve("cluster-id");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, Uuid.randomUuid().toString());
            }
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        if (!Ports.isListening(port)) {
            return false;
        }
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrapServers());
        client.put("request.timeout.ms", "3000");
        client.put("default.api.timeout.ms", "3000");
        try (Admin admin = Admin.create(client)) {
            return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public boolean isRunning() {
        JavaProcess current = process;
        return current != null && current.isAlive();
    }

    public long pid() {
        JavaProcess current = process;
        if (current == null) {
            throw new IllegalStateException("Kafka is not running");
        }
        return current.pid();
    }

    public int port() {
        return port;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public Path logFile() {
        return logFile(options);
    }

    private static Path logFile(KafkaOptions options) {
        return options.directory().resolve("kafka.log");
    }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() {
        JavaProcess current = process;
        if (current != null) {
            current.kill();
            process = null;
        }
    }

    /** An orderly shutdown. */
    public void stop() {
        JavaProcess current = process;
        if (current != null) {
            current.stop(STOP_LIMIT);
            process = null;
        }
    }

    /** An orderly shutdown and a start. */
    public void restart() {
        stop();
        start();
    }

    @Override
    public void close() {
        if (options.deleteOnClose()) {
            kill();
            Directories.delete(options.directory());
        } else {
            stop();
        }
    }
}
