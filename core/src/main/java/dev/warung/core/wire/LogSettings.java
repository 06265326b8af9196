package dev.warung.core.wire;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.Setting;
import dev.warung.core.runtime.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Where the log is: the settings of every role that reads or writes it. */
public final class LogSettings {

    public static final Setting<String> KAFKA = Setting.text("kafka", null, "Kafka's brokers, HOST:PORT with commas");
    public static final Setting<String> KAFKA_CONFIG = Setting.text(
            "kafka-config", "", "a properties file with further settings of the Kafka clients, such as security");
    public static final Setting<Topics> PREFIX = new Setting<>(
            "prefix",
            "warung",
            "1 to 40 letters, digits, '_' or '-'",
            "first part of every topic name",
            false,
            Topics::new);

    private LogSettings() {}

    /**
     * The further settings of the Kafka clients.
     *
     * @throws PipelineException SETTINGS_INVALID if their file cannot be read
     */
    public static Map<String, String> kafkaClient(Settings settings) {
        Map<String, String> client = new HashMap<>();
        // Kafka's clients keep meters for each topic. Without these each is a bean of JMX too,
        // and an entry in the list of what a broker may ask for (KIP-714).
        client.put("metric.reporters", "");
        client.put("enable.metrics.push", "false");
        settings.optional(KAFKA_CONFIG).map(Path::of).ifPresent(file -> {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new PipelineException(
                        ErrorCode.SETTINGS_INVALID, "The file of --kafka-config cannot be read: " + file + ".", e);
            }
            properties.stringPropertyNames().forEach(name -> client.put(name, properties.getProperty(name)));
        });
        return client;
    }
}
