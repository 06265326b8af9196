package dev.warung.capture.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.core.value.PgValues;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The engine's settings as Debezium's properties; docs/decisions/0008-engine-settings.md gives the reasons. */
public final class EngineProperties {

    /** Debezium's topic prefix; it names nothing in Kafka, since rows go to topics of our own. */
    public static final String NAME = "warung";

    private static final ObjectMapper JSON = new ObjectMapper();

    private EngineProperties() {}

    /** @param run a name for this run of the engine, under which {@link ChangeEngine} keeps its state */
    public static Properties of(EngineSettings settings, Map<String, Object> offset, String run) {
        Properties properties = new Properties();
        engine(properties, offset);
        properties.setProperty(SeededOffsetStore.RUN, run);
        server(properties, settings);
        stream(properties, settings);
        return properties;
    }

    private static void engine(Properties p, Map<String, Object> offset) {
        p.setProperty("name", NAME);
        p.setProperty("topic.prefix", NAME);
        p.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        p.setProperty("tasks.max", "1");
        p.setProperty("offset.storage", SeededOffsetStore.class.getName());
        p.setProperty(SeededOffsetStore.SEED, json(offset));
        p.setProperty("record.processing.threads", "1");
        // Our supervisor starts anew instead: only a fresh engine goes back to a transaction's end.
        p.setProperty("errors.max.retries", "0");
        p.setProperty("slot.max.retries", "0");
        p.setProperty("retriable.restart.connector.wait.ms", "100");
        p.setProperty("event.processing.failure.handling.mode", "fail");
        p.setProperty("extended.headers.enabled", "false");
        p.setProperty("statistics.metrics.enabled", "false");
    }

    private static void server(Properties p, EngineSettings settings) {
        EngineSettings.Server server = settings.server();
        p.setProperty("database.hostname", server.host());
        p.setProperty("database.port", Integer.toString(server.port()));
        p.setProperty("database.dbname", server.database());
        p.setProperty("database.user", server.user());
        p.setProperty("database.password", server.password());
        p.setProperty("database.tcpKeepAlive", "true");
        p.setProperty("database.options", sessionOptions());
        settings.driverProperties().forEach((name, value) -> p.setProperty("database." + name, value));
    }

    private static void stream(Properties p, EngineSettings settings) {
        p.setProperty("plugin.name", "pgoutput");
        p.setProperty("slot.name", settings.slot());
        p.setProperty("slot.drop.on.stop", "false");
        p.setProperty("publication.name", settings.publication());
        p.setProperty("publication.autocreate.mode", "disabled");
        p.setProperty("snapshot.mode", "no_data");
        p.setProperty("offset.mismatch.strategy", "trust_offset");
        p.setProperty("lsn.flush.mode", "connector");
        // Nothing to look up in the catalogue: all events are of one table that PostgreSQL does not have.
        p.setProperty("table.include.list", EventMessage.TABLE.replace(".", "\\."));
        p.setProperty("provide.transaction.metadata", "false");
        p.setProperty("tombstones.on.delete", "false");
        p.setProperty("skipped.operations", "none");
        // The reader's sleep; our queue, which Debezium's name means too, does not look at it.
        p.setProperty(
                "poll.interval.ms", Long.toString(settings.flow().pollInterval().toMillis()));
        p.setProperty("max.batch.size", Integer.toString(settings.flow().batchRecords()));
        p.setProperty("max.queue.size", Integer.toString(settings.flow().batchRecords() * 4));
        p.setProperty("max.queue.size.in.bytes", Long.toString(settings.flow().queueBytes()));
    }

    /** The settings of a session as {@code options} of the start-up packet: they hold for the walsender too. */
    private static String sessionOptions() {
        return PgValues.CANONICAL_SESSION.stream()
                .map(setting -> "-c " + setting.replace("\\", "\\\\").replace(" ", "\\ "))
                .collect(Collectors.joining(" "));
    }

    private static String json(Map<String, Object> offset) {
        try {
            return JSON.writeValueAsString(offset);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an offset: " + offset, e);
        }
    }
}
