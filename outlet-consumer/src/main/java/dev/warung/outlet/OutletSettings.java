package dev.warung.outlet;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.Setting;
import dev.warung.core.runtime.Settings;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.core.wire.Topics;
import dev.warung.outlet.link.Outlet;
import dev.warung.outlet.link.OutletConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** Every setting of the outlet. */
public final class OutletSettings {

    public static final Setting<Path> ENROL = Setting.path(
            "enrol",
            null,
            "the enrolment file that warung outlets add has written: where Kafka is and who this outlet is");
    public static final Setting<Path> FILE = Setting.path("file", "outlet.db", "the outlet's SQLite file");
    public static final Setting<InetSocketAddress> HTTP =
            Setting.address("http", "127.0.0.1:8083", "where metrics, health, status and the local API are served");
    public static final Setting<String> API_KEY = Setting.secret(
            "api-key", "", "what programs on the device must know to use the local API; without it nobody may");
    public static final Setting<String> KAFKA =
            Setting.text("kafka", "", "Kafka's brokers, HOST:PORT with commas, if others than in the enrolment file");
    public static final Setting<Duration> RETRY_MAX =
            Setting.duration("retry-max", "60s", "longest wait between two tries after a failure");

    public static final List<Setting<?>> ALL = List.of(ENROL, FILE, HTTP, API_KEY, KAFKA, RETRY_MAX);

    private static final String ROLE = "outlet";

    private final Settings settings;
    private final Enrolment enrolment;

    private OutletSettings(Settings settings, Enrolment enrolment) {
        this.settings = settings;
        this.enrolment = enrolment;
    }

    /** @throws PipelineException SETTINGS_INVALID, with every problem */
    public static OutletSettings read(List<String> arguments, Map<String, String> environment) {
        Settings settings = Settings.read(ALL, arguments, environment);
        return new OutletSettings(settings, enrolment(settings.get(ENROL)));
    }

    private static Enrolment enrolment(Path file) {
        try {
            return EnrolmentCodec.decode(Files.readString(file));
        } catch (IOException e) {
            throw new PipelineException(
                    ErrorCode.SETTINGS_INVALID, "The enrolment file cannot be read: " + file + " (" + e + ").", e);
        } catch (IllegalArgumentException e) {
            throw new PipelineException(ErrorCode.SETTINGS_INVALID, file + ": " + e.getMessage() + ".", e);
        }
    }

    public Map<String, String> printable() {
        return settings.printable();
    }

    public Enrolment enrolment() {
        return enrolment;
    }

    public Outlet.Options outlet() {
        return new Outlet.Options(settings.get(FILE).toAbsolutePath(), enrolment, settings.get(RETRY_MAX));
    }

    /** The settings of the Kafka clients. */
    public Map<String, Object> kafkaClient() {
        Map<String, Object> client = new HashMap<>(enrolment.credentials());
        client.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                settings.optional(KAFKA).orElse(enrolment.kafka()));
        return client;
    }

    public String monitoringGroup() {
        return new Topics(enrolment.prefix()).monitoringGroup(ROLE, enrolment.code());
    }

    /** The topics that belong to this outlet. */
    public OutletConnection.OwnTopics topics() {
        Topics topics = new Topics(enrolment.prefix());
        return new OutletConnection.OwnTopics(topics.outlet(enrolment.code()), topics.upload(enrolment.code()));
    }

    /** Empty if the local API is closed. */
    public String apiKey() {
        return settings.optional(API_KEY).orElse("");
    }

    public InetSocketAddress http() {
        return settings.get(HTTP);
    }
}
