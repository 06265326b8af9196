package dev.warung.intake;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Setting;
import dev.warung.core.runtime.Settings;
import dev.warung.core.wire.LogSettings;
import dev.warung.intake.rows.IntakeRole;
import dev.warung.intake.rows.PostgresIntake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;

/** Every setting of intake. */
public final class IntakeSettings {

    public static final Setting<PostgresUrl> POSTGRES_URL = new Setting<>(
            "postgres-url",
            null,
            "postgresql://user:password@host:port/database",
            "the PostgreSQL that takes what outlets write",
            true,
            PostgresUrl::parse);
    public static final Setting<String> SETUP_URL = Setting.secret(
            "setup-url",
            "",
            "an administrator's URL of the same database: intake then makes its own role with the rights that it needs");
    public static final Setting<InetSocketAddress> HTTP =
            Setting.address("http", "127.0.0.1:8084", "where metrics, health and status are served");
    public static final Setting<String> API_KEY = Setting.secret(
            "api-key", "", "what programs must know to read and decide conflicts over HTTP; without it nobody may");
    public static final Setting<Integer> TRIES = Setting.number(
            "tries", "3", "how often an upload is tried again that meets locked rows, before it is set aside");
    public static final Setting<Duration> TRY_FIRST =
            Setting.duration("try-first", "1m", "the wait before the first of these tries; it doubles");
    public static final Setting<Duration> TRY_MAX =
            Setting.duration("try-max", "30m", "the longest wait between two of these tries");
    public static final Setting<Duration> LOCK_WAIT =
            Setting.duration("lock-wait", "10s", "how long an upload waits for a row that somebody else holds");
    public static final Setting<Long> ROW_BYTES_MAX =
            Setting.bytes("row-bytes-max", "2m", "a larger row is refused: shapes would leave it out");
    public static final Setting<Duration> RETRY_MAX =
            Setting.duration("retry-max", "30s", "longest wait between two tries while PostgreSQL or Kafka is away");

    public static final List<Setting<?>> ALL = List.of(
            LogSettings.KAFKA,
            LogSettings.KAFKA_CONFIG,
            LogSettings.PREFIX,
            POSTGRES_URL,
            SETUP_URL,
            HTTP,
            API_KEY,
            TRIES,
            TRY_FIRST,
            TRY_MAX,
            LOCK_WAIT,
            ROW_BYTES_MAX,
            RETRY_MAX);

    private final Settings settings;

    private IntakeSettings(Settings settings) {
        this.settings = settings;
    }

    /** @throws dev.warung.core.runtime.PipelineException SETTINGS_INVALID, with every problem */
    public static IntakeSettings read(List<String> arguments, Map<String, String> environment) {
        return new IntakeSettings(Settings.read(ALL, arguments, environment));
    }

    public Map<String, String> printable() {
        return settings.printable();
    }

    public Intake.Options intake() {
        Map<String, Object> kafka = new HashMap<>(LogSettings.kafkaClient(settings));
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.get(LogSettings.KAFKA));
        return new Intake.Options(
                settings.get(LogSettings.PREFIX),
                kafka,
                new Intake.Retries(settings.get(TRIES), settings.get(TRY_FIRST), settings.get(TRY_MAX)),
                settings.get(RETRY_MAX));
    }

    public PostgresIntake.Options rows() {
        return new PostgresIntake.Options(
                settings.get(POSTGRES_URL), settings.get(ROW_BYTES_MAX), settings.get(LOCK_WAIT));
    }

    /** Empty if somebody else has made the role. */
    public Optional<IntakeRole> role() {
        return settings.optional(SETUP_URL)
                .filter(url -> !url.isEmpty())
                .map(url -> new IntakeRole(PostgresUrl.parse(url), settings.get(POSTGRES_URL)));
    }

    /** Empty if nobody may use the interface. */
    public String apiKey() {
        return settings.optional(API_KEY).orElse("");
    }

    public InetSocketAddress http() {
        return settings.get(HTTP);
    }
}
