package dev.warung.replicator;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Setting;
import dev.warung.core.runtime.Settings;
import dev.warung.core.wire.LogSettings;
import dev.warung.core.wire.Topics;
import dev.warung.replicator.follow.FollowOptions;
import dev.warung.replicator.follow.Replicator;
import dev.warung.replicator.routing.RouterOptions;
import dev.warung.replicator.verify.VerifyOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;

/** Every setting of the replicator. */
public final class ReplicatorSettings {

    public static final Setting<Path> FILE = Setting.path("file", "backup.db", "the SQLite backup");
    public static final Setting<String> ID = Setting.text(
            "id", "backup", "name of this replicator in the group that publishes its position for lag tools");
    public static final Setting<InetSocketAddress> HTTP =
            Setting.address("http", "127.0.0.1:8082", "where metrics, health, status and verify are served");
    public static final Setting<Optional<PostgresUrl>> POSTGRES_URL = new Setting<>(
            "postgres-url",
            "",
            "postgresql://user:password@host:port/database",
            "the captured PostgreSQL, for verify only",
            true,
            text -> text.isEmpty() ? Optional.empty() : Optional.of(PostgresUrl.parse(text)));
    public static final Setting<Duration> VERIFY_SNAPSHOT_WAIT = Setting.duration(
            "verify-snapshot-wait", "60s", "how long verify lets PostgreSQL wait for running transactions to end");
    public static final Setting<Duration> VERIFY_CATCH_UP_WAIT = Setting.duration(
            "verify-catch-up-wait",
            "5m",
            "how long verify waits until the backup has applied what PostgreSQL's snapshot holds");
    public static final Setting<Integer> BATCH_ROWS = Setting.number(
            "batch-rows",
            "5000",
            "records in one SQLite transaction while behind, about; more where commits take long");
    public static final Setting<Duration> BATCH_TIME = Setting.duration(
            "batch-time",
            "250ms",
            "time to gather a SQLite transaction while behind; up to 6 s where commits take long");
    public static final Setting<Long> BUFFER_BYTES =
            Setting.bytes("buffer-bytes", "32m", "records fetched and not yet applied");
    public static final Setting<Duration> FOLLOW_WITHIN = Setting.duration(
            "follow-within",
            "6d",
            "a new backup replays the epoch from its start if it is younger than this; must be below min.compaction.lag of the topics");
    public static final Setting<Duration> MARKER_AGE_MAX = Setting.duration(
            "marker-age-max",
            "30s",
            "not ready when the newest transaction in the backup is older; a heartbeat comes every 2 s");
    public static final Setting<Boolean> ROUTE_SHAPES = new Setting<>(
            "route-shapes",
            "true",
            "true or false",
            "writes the topics of shapes; exactly one replicator of a prefix does",
            false,
            ReplicatorSettings::isTrue);
    public static final Setting<Duration> SHAPE_GRACE =
            Setting.duration("shape-grace", "10m", "how long a shape instance that no outlet needs any more is kept");
    public static final Setting<Long> SHAPE_ROW_BYTES_MAX =
            Setting.bytes("shape-row-bytes-max", "2m", "a larger row is left out of shapes, and status says so");
    public static final Setting<Integer> REPLICATION_FACTOR =
            Setting.number("replication-factor", "1", "replicas of each topic of shapes; 3 in production");
    public static final Setting<Duration> MIN_COMPACTION_LAG = Setting.duration(
            "min-compaction-lag", "7d", "every version of a row of a shape is kept at least this long");
    public static final Setting<Duration> DELETE_RETENTION = Setting.duration(
            "delete-retention",
            "35d",
            "deletes in shapes are kept this long: an outlet that was away longer fetches its shapes anew");
    public static final Setting<Long> SEGMENT_BYTES =
            Setting.bytes("segment-bytes", "64m", "size of a segment of a topic of shapes");
    public static final Setting<Boolean> OUTLET_USERS = Setting.flag(
            "outlet-users",
            "outlets have Kafka users of their own, made by 'warung outlets add --kafka-user': lets each read its topics and no other");
    public static final Setting<Duration> RETRY_MAX =
            Setting.duration("retry-max", "30s", "longest wait between two tries after a failure");

    public static final List<Setting<?>> ALL = List.of(
            LogSettings.KAFKA,
            LogSettings.KAFKA_CONFIG,
            LogSettings.PREFIX,
            FILE,
            ID,
            HTTP,
            POSTGRES_URL,
            VERIFY_SNAPSHOT_WAIT,
            VERIFY_CATCH_UP_WAIT,
            BATCH_ROWS,
            BATCH_TIME,
            BUFFER_BYTES,
            FOLLOW_WITHIN,
            MARKER_AGE_MAX,
            ROUTE_SHAPES,
            SHAPE_GRACE,
            SHAPE_ROW_BYTES_MAX,
            REPLICATION_FACTOR,
            MIN_COMPACTION_LAG,
            DELETE_RETENTION,
            SEGMENT_BYTES,
            OUTLET_USERS,
            RETRY_MAX);

    private static final String ROLE = "replicator";

    private final Settings settings;

    private ReplicatorSettings(Settings settings) {
        this.settings = settings;
    }

    /** @throws dev.warung.core.runtime.PipelineException SETTINGS_INVALID, with every problem */
    public static ReplicatorSettings read(List<String> arguments, Map<String, String> environment) {
        return new ReplicatorSettings(Settings.read(ALL, arguments, environment));
    }

    public Map<String, String> printable() {
        return settings.printable();
    }

    public Replicator.Options replicator() {
        return new Replicator.Options(
                settings.get(FILE).toAbsolutePath(),
                settings.get(LogSettings.PREFIX),
                new FollowOptions(settings.get(BATCH_ROWS), settings.get(BATCH_TIME), settings.get(BUFFER_BYTES)),
                settings.get(FOLLOW_WITHIN),
                settings.get(RETRY_MAX),
                settings.get(ROUTE_SHAPES) ? Optional.of(routing()) : Optional.empty());
    }

    private RouterOptions routing() {
        return new RouterOptions(
                settings.get(LogSettings.PREFIX),
                kafkaClient(),
                new RouterOptions.TopicOptions(
                        settings.get(REPLICATION_FACTOR).shortValue(),
                        settings.get(MIN_COMPACTION_LAG),
                        settings.get(DELETE_RETENTION),
                        settings.get(SEGMENT_BYTES)),
                settings.get(SHAPE_GRACE),
                settings.get(SHAPE_ROW_BYTES_MAX));
    }

    /**
     * The settings of the Kafka clients.
     *
     * @throws dev.warung.core.runtime.PipelineException SETTINGS_INVALID if the file with further ones cannot be read
     */
    public Map<String, Object> kafkaClient() {
        Map<String, Object> client = new HashMap<>(LogSettings.kafkaClient(settings));
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.get(LogSettings.KAFKA));
        return client;
    }

    /** Whether outlets have Kafka users of their own. */
    public boolean hasOutletUsers() {
        return settings.get(OUTLET_USERS);
    }

    public Topics topics() {
        return settings.get(LogSettings.PREFIX);
    }

    public String monitoringGroup() {
        return settings.get(LogSettings.PREFIX).monitoringGroup(ROLE, settings.get(ID));
    }

    public InetSocketAddress http() {
        return settings.get(HTTP);
    }

    /** How to verify; empty without a PostgreSQL. */
    public Optional<VerifyOptions> verify() {
        return settings.get(POSTGRES_URL)
                .map(url -> new VerifyOptions(
                        url,
                        settings.get(LogSettings.PREFIX).prefix(),
                        settings.get(FILE).toAbsolutePath(),
                        settings.get(VERIFY_SNAPSHOT_WAIT),
                        settings.get(VERIFY_CATCH_UP_WAIT)));
    }

    public Duration markerAgeMax() {
        return settings.get(MARKER_AGE_MAX);
    }

    private static boolean isTrue(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("neither true nor false");
        }
        return text.equals("true");
    }
}
