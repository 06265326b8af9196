package dev.warung.capture;

import dev.warung.capture.engine.EngineSettings;
import dev.warung.capture.publish.ChangeLog;
import dev.warung.capture.publish.KafkaSettings;
import dev.warung.capture.publish.PublisherOptions;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Setting;
import dev.warung.core.runtime.Settings;
import dev.warung.core.wire.LogSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Every setting of capture. */
public final class CaptureSettings {

    /** How often the heartbeat row is written. */
    static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(2);

    /** How often the catalogue is compared with the log where no event trigger tells of DDL. */
    static final Duration CATALOGUE_INTERVAL = Duration.ofSeconds(5);

    public static final Setting<PostgresUrl> POSTGRES_URL = new Setting<>(
            "postgres-url",
            null,
            "postgresql://user:password@host:port/database",
            "the PostgreSQL to capture",
            true,
            PostgresUrl::parse);
    public static final Setting<InetSocketAddress> HTTP =
            Setting.address("http", "127.0.0.1:8081", "where metrics, health and status are served");
    public static final Setting<String> SLOT = Setting.text("slot", "warung", "name of the replication slot");
    public static final Setting<String> PUBLICATION = Setting.text("publication", "warung", "name of the publication");
    public static final Setting<List<String>> TABLES =
            Setting.list("tables", "*.*", "tables to capture: schema.table, where * stands for any text");
    public static final Setting<List<String>> EXCLUDE = Setting.list("exclude", "", "tables to leave out all the same");
    public static final Setting<Boolean> SET_UP = new Setting<>(
            "set-up",
            "true",
            "true or false",
            "whether to make publication, control schema and replica identities if they are missing",
            false,
            Boolean::parseBoolean);
    public static final Setting<String> SETUP_URL = Setting.secret(
            "setup-url",
            "",
            "an administrator's URL of the same database, for set-up only: it then makes capture's role with the rights it needs");
    public static final Setting<Boolean> RESYNC =
            Setting.flag("resync", "begins a new epoch: a new slot, every table copied anew");
    public static final Setting<Boolean> STANDBY = Setting.flag(
            "standby", "waits until another capture of this prefix has been silent for 10 s before it takes over");
    public static final Setting<Boolean> EXIT_ON_REFUSAL = Setting.flag(
            "exit-on-refusal", "ends with exit code 2, instead of staying up and red, when a person must decide");
    public static final Setting<Integer> COPY_WORKERS =
            Setting.number("copy-workers", "2", "how many ranges of tables the initial copy reads at a time");
    public static final Setting<Duration> POLL_INTERVAL = Setting.duration(
            "poll-interval", "5ms", "how long the reader sleeps while PostgreSQL sends nothing: latency against CPU");
    public static final Setting<Integer> BATCH_ROWS =
            Setting.number("batch-rows", "20000", "records of one Kafka transaction while behind");
    public static final Setting<Long> BATCH_BYTES =
            Setting.bytes("batch-bytes", "16m", "bytes of one Kafka transaction while behind");
    public static final Setting<Duration> BATCH_TIME =
            Setting.duration("batch-time", "500ms", "age of one Kafka transaction while behind");
    public static final Setting<Long> QUEUE_BYTES =
            Setting.bytes("queue-bytes", "64m", "events held in memory between PostgreSQL and Kafka");
    public static final Setting<Long> ROW_BYTES_MAX =
            Setting.bytes("row-bytes-max", "16m", "a larger row stops its table");
    public static final Setting<Duration> CONFIRM_DELAY = Setting.duration(
            "confirm-delay",
            "60s",
            "how late PostgreSQL may forget what is in Kafka: a broker that lost its tail is filled again");
    public static final Setting<Long> CONFIRM_WAL_BYTES = Setting.bytes(
            "confirm-wal-bytes", "256m", "PostgreSQL may forget earlier when it has written this much more");
    public static final Setting<Integer> REPLICATION =
            Setting.number("replication-factor", "1", "replicas of each topic; 3 in production");
    public static final Setting<Duration> MIN_COMPACTION_LAG =
            Setting.duration("min-compaction-lag", "7d", "every version of a row is kept at least this long");
    public static final Setting<Duration> DELETE_RETENTION = Setting.duration(
            "delete-retention",
            "35d",
            "deletes and commit records are kept this long: the longest promised offline time");
    public static final Setting<Long> SEGMENT_BYTES =
            Setting.bytes("segment-bytes", "256m", "size of a segment of a topic");
    public static final Setting<Duration> MARKER_AGE_MAX = Setting.duration(
            "marker-age-max",
            "30s",
            "not ready when the newest heartbeat that came back is older; one is sent every 2 s");
    public static final Setting<Duration> RETRY_MAX =
            Setting.duration("retry-max", "10s", "longest wait between two tries after a failure");

    public static final List<Setting<?>> ALL = List.of(
            POSTGRES_URL,
            LogSettings.KAFKA,
            LogSettings.KAFKA_CONFIG,
            LogSettings.PREFIX,
            HTTP,
            SLOT,
            PUBLICATION,
            TABLES,
            EXCLUDE,
            SET_UP,
            SETUP_URL,
            RESYNC,
            STANDBY,
            EXIT_ON_REFUSAL,
            COPY_WORKERS,
            POLL_INTERVAL,
            BATCH_ROWS,
            BATCH_BYTES,
            BATCH_TIME,
            QUEUE_BYTES,
            ROW_BYTES_MAX,
            CONFIRM_DELAY,
            CONFIRM_WAL_BYTES,
            REPLICATION,
            MIN_COMPACTION_LAG,
            DELETE_RETENTION,
            SEGMENT_BYTES,
            MARKER_AGE_MAX,
            RETRY_MAX);

    private static final int ENGINE_BATCH = 2048;
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    private final Settings settings;

    private CaptureSettings(Settings settings) {
        this.settings = settings;
    }

    /** @throws PipelineException SETTINGS_INVALID, with every problem */
    public static CaptureSettings read(List<String> arguments, Map<String, String> environment) {
        return new CaptureSettings(Settings.read(ALL, arguments, environment));
    }

    public Map<String, String> printable() {
        return settings.printable();
    }

    <T> T get(Setting<T> setting) {
        return settings.get(setting);
    }

    CaptureLife.Setup life() {
        return new CaptureLife.Setup(
                new ChangeLog.Place(kafka(), settings.get(LogSettings.PREFIX)),
                publisher(),
                engine(),
                new AtomicBoolean(settings.get(RESYNC)),
                CHECK_INTERVAL);
    }

    private KafkaSettings kafka() {
        return new KafkaSettings(
                settings.get(LogSettings.KAFKA),
                LogSettings.kafkaClient(settings),
                settings.get(REPLICATION).shortValue(),
                new KafkaSettings.Keep(
                        settings.get(MIN_COMPACTION_LAG), settings.get(DELETE_RETENTION), settings.get(SEGMENT_BYTES)));
    }

    private PublisherOptions publisher() {
        return new PublisherOptions(
                new PublisherOptions.Limits(
                        settings.get(BATCH_ROWS), settings.get(BATCH_BYTES), settings.get(BATCH_TIME)),
                new PublisherOptions.Delay(settings.get(CONFIRM_DELAY), settings.get(CONFIRM_WAL_BYTES)),
                settings.get(ROW_BYTES_MAX),
                settings.get(POSTGRES_URL).database());
    }

    /** What the engine is started with. */
    public EngineSettings engine() {
        PostgresUrl url = settings.get(POSTGRES_URL);
        return new EngineSettings(
                new EngineSettings.Server(url.host(), url.port(), url.database(), url.user(), url.password()),
                settings.get(SLOT),
                settings.get(PUBLICATION),
                url.parameters(),
                new EngineSettings.Flow(settings.get(POLL_INTERVAL), ENGINE_BATCH, settings.get(QUEUE_BYTES)));
    }
}
