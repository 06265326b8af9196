package dev.warung.stack.cli;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Setting;
import dev.warung.core.runtime.Settings;
import dev.warung.core.wire.LogSettings;
import dev.warung.core.wire.Topics;
import dev.warung.stack.fleet.FleetDatabase;
import dev.warung.stack.pipeline.RunFile;
import dev.warung.stack.pipeline.StackException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Whose shapes and outlets a command is about: those of the PostgreSQL and Kafka that flags or the environment name, else of the pipeline
 * that runs on a data directory.
 */
final class FleetTarget {

    private static final List<Path> DEFAULTS = List.of(Path.of(".warung/demo"), Path.of(".warung/up"));
    private static final Setting<String> POSTGRES = Setting.secret("postgres-url", "", "the captured PostgreSQL");
    private static final Setting<String> KAFKA = Setting.text("kafka", "", "Kafka's brokers");
    private static final List<Setting<?>> SETTINGS =
            List.of(POSTGRES, KAFKA, LogSettings.KAFKA_CONFIG, LogSettings.PREFIX);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory of a running demo or up (default .warung/demo, then .warung/up)")
    private @Nullable Path directory;

    @Option(
            names = {"--postgres", "--postgres-url"},
            paramLabel = "URL",
            description = "the captured PostgreSQL; or WARUNG_POSTGRES_URL, or WARUNG_POSTGRES_URL_FILE")
    private @Nullable String postgres;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Kafka's brokers; or WARUNG_KAFKA")
    private @Nullable String kafka;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "further properties of the Kafka clients; or WARUNG_KAFKA_CONFIG")
    private @Nullable String kafkaConfig;

    @Option(names = "--prefix", paramLabel = "NAME", description = "of the topics (default warung); or WARUNG_PREFIX")
    private @Nullable String prefix;

    private final Map<String, String> environment;

    FleetTarget() {
        this(System.getenv());
    }

    FleetTarget(Map<String, String> environment) {
        this.environment = environment;
    }

    FleetDatabase database() {
        Optional<String> url = settings().optional(POSTGRES).filter(text -> directory == null || postgres != null);
        if (url.isEmpty()) {
            Running running = running("--postgres");
            return new FleetDatabase(running.file().postgresUrl(running.directory()));
        }
        try {
            return new FleetDatabase(PostgresUrl.parse(url.get()));
        } catch (IllegalArgumentException e) {
            throw new StackException(
                    "--postgres is not a PostgreSQL URL. Write it as postgresql://user@host:5432/database.", e);
        }
    }

    /** HOST:PORT with commas. */
    String brokers() {
        return settings()
                .optional(KAFKA)
                .filter(text -> directory == null || kafka != null)
                .orElseGet(() -> running("--kafka").file().kafka());
    }

    /** What the Kafka clients of this command need. */
    Map<String, Object> kafkaClient() {
        Map<String, Object> client = new HashMap<>();
        settings()
                .optional(LogSettings.KAFKA_CONFIG)
                .ifPresent(file -> client.putAll(properties(Path.of(file), "--kafka-config")));
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, brokers());
        return client;
    }

    Topics topics() {
        boolean isNamed = prefix != null || environment.containsKey(LogSettings.PREFIX.environmentName());
        Settings settings = settings();
        boolean isByDirectory = settings.optional(KAFKA).isEmpty() || (directory != null && kafka == null);
        return !isNamed && isByDirectory
                ? new Topics(running("--kafka").file().prefix())
                : settings.get(LogSettings.PREFIX);
    }

    /** @throws StackException if the file cannot be read */
    static Map<String, String> properties(Path file, String flag) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new StackException("The file of " + flag + " cannot be read: " + file + ".", e);
        }
        Map<String, String> read = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
        return read;
    }

    private record Running(Path directory, RunFile file) {}

    private Running running(String flag) {
        List<Path> candidates = directory == null ? DEFAULTS : List.of(directory);
        return candidates.stream()
                .flatMap(path -> RunFile.read(path).stream().map(file -> new Running(path, file)))
                .findFirst()
                .orElseThrow(() -> new StackException("No pipeline runs on " + candidates
                        + ". Start one with 'warung demo' or 'warung up', name its directory with --data, or give "
                        + flag + "."));
    }

    private Settings settings() {
        List<String> arguments = new ArrayList<>();
        add(arguments, POSTGRES, postgres);
        add(arguments, KAFKA, kafka);
        add(arguments, LogSettings.KAFKA_CONFIG, kafkaConfig);
        add(arguments, LogSettings.PREFIX, prefix);
        Map<String, String> known = new HashMap<>(environment);
        // A role's settings file has settings that are not ours.
        known.remove("WARUNG_CONFIG");
        return Settings.read(SETTINGS, arguments, known);
    }

    private static void add(List<String> arguments, Setting<?> setting, @Nullable String value) {
        if (value != null) {
            arguments.add(setting.flagName() + "=" + value);
        }
    }
}
