package dev.warung.bench.reader;

import dev.warung.capture.CaptureSettings;
import dev.warung.capture.engine.EngineOffset;
import dev.warung.capture.engine.EngineProperties;
import dev.warung.capture.engine.EngineSettings;
import dev.warung.capture.engine.EventBatch;
import dev.warung.capture.event.SourceEvent;
import dev.warung.core.change.Lsn;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TimeZone;
import java.util.function.ToLongFunction;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/** Debezium's embedded engine with a null sink: with its own settings, or with capture's. */
public final class DebeziumReaderMain {
    private DebeziumReaderMain() {}

    /** Whose settings the engine has. */
    public enum Mode {
        /** Debezium's own settings and classes; only what it cannot do without is set. */
        DEFAULT,
        /** Capture's settings, with its converter and the class it replaces. */
        CAPTURE
    }

    /** Arguments: mode, counter file, table, LSN to start after, then flags of capture. */
    public static void main(String[] arguments) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Mode mode = Mode.valueOf(arguments[0]);
        requireClassPath(mode);
        EngineSettings settings = CaptureSettings.read(List.of(arguments).subList(4, arguments.length), System.getenv())
                .engine();
        NullSink sink = new NullSink(new RowCounter(Path.of(arguments[1])), rowsOf(mode, arguments[2]));
        DebeziumEngine.Builder<RecordChangeEvent<SourceRecord>> builder =
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class));
        if (mode == Mode.CAPTURE) {
            builder.using(EngineProperties.of(settings, EngineOffset.after(Lsn.parse(arguments[3]), 0), "bench"))
                    .using(OffsetCommitPolicy.always());
        } else {
            builder.using(defaults(settings));
        }
        builder.using((success, message, error) -> {
                    if (error != null) {
                        error.printStackTrace();
                    }
                })
                .notifying(sink);
        try (DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = builder.build()) {
            engine.run();
        }
    }

    private static ToLongFunction<SourceRecord> rowsOf(Mode mode, String table) {
        String topic = EngineProperties.NAME + "." + table;
        return mode == Mode.DEFAULT
                ? message -> topic.equals(message.topic()) ? 1 : 0
                : message -> ((EventBatch) message.value())
                        .events().stream()
                                .filter(event -> event instanceof SourceEvent.RowEvent row
                                        && row.table().toString().equals(table))
                                .count();
    }

    /** Where to read, that no snapshot is wanted, and that offsets need no file: all else is Debezium's choice. */
    private static Properties defaults(EngineSettings settings) {
        Properties p = new Properties();
        EngineSettings.Server server = settings.server();
        p.setProperty("name", EngineProperties.NAME);
        p.setProperty("topic.prefix", EngineProperties.NAME);
        p.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        p.setProperty("offset.storage", MemoryOffsetBackingStore.class.getName());
        p.setProperty("database.hostname", server.host());
        p.setProperty("database.port", Integer.toString(server.port()));
        p.setProperty("database.dbname", server.database());
        p.setProperty("database.user", server.user());
        p.setProperty("database.password", server.password());
        p.setProperty("plugin.name", "pgoutput");
        p.setProperty("slot.name", settings.slot());
        p.setProperty("publication.name", settings.publication());
        p.setProperty("snapshot.mode", "no_data");
        return p;
    }

    /** Debezium is measured with its own class for values, capture's settings with the one that takes its place. */
    private static void requireClassPath(Mode mode) {
        boolean ours = source(EngineProperties.class).equals(source(PgOutputMessageDecoder.class));
        if (ours != (mode == Mode.CAPTURE)) {
            throw new IllegalStateException("wrong order of the class path for mode " + mode + ": values come from "
                    + source(PgOutputMessageDecoder.class));
        }
    }

    private static String source(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }
}
