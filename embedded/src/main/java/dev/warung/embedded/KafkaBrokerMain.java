package dev.warung.embedded;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/** The broker's own JVM: formats the storage on first use and runs a KRaft broker. */
public final class KafkaBrokerMain {
    private KafkaBrokerMain() {}

    /** Arguments: the properties file, the cluster id. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        String[] format = {"format", "--ignore-formatted", "-t", args[1], "-c", file.toString()};
        if (StorageTool.execute(format, System.out) != 0) {
            throw new IllegalStateException("cannot format the storage in " + properties.getProperty("log.dirs"));
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
        server.startup();
        server.awaitShutdown();
    }
}
