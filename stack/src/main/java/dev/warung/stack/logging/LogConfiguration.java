package dev.warung.stack.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/**
 * Sets Logback up; its service loader finds it. A file would do the same, and reading its XML takes an outlet a tenth of a second at each
 * start (docs/bench.md). Whoever wants another set-up names it in the system property {@code logback.configurationFile}.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {

    /** System property; a role sets INFO. Without it a command keeps its output for people. */
    static final String LEVEL = "warung.log.level";

    private static final String FILE = "logback.configurationFile";

    private static final List<String> ERRORS_ONLY = List.of(
            // Warns of every partition of a reader that has moved on, and of every record that is sent again.
            "org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils",
            "org.apache.kafka.clients.producer.internals.Sender",
            // Debezium's own statistics and its reading of column defaults: neither is used here.
            "io.debezium.metrics.stats.MeasurementCollector",
            "io.debezium.pipeline.metrics",
            "io.debezium.connector.postgresql.connection.PostgresDefaultValueConverter",
            // It warns of names that Kafka would not take; our topics have names of their own.
            "io.debezium.schema.AbstractTopicNamingStrategy");

    @Override
    public ExecutionStatus configure(LoggerContext logging) {
        if (System.getProperty(FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        String level = System.getProperty(LEVEL);
        logging.getLogger("org.apache.kafka").setLevel(Level.WARN);
        logging.getLogger("io.debezium").setLevel(Level.WARN);
        ERRORS_ONLY.forEach(name -> logging.getLogger(name).setLevel(Level.ERROR));
        // A command that kills brokers need not hear that they are gone; a role says it.
        logging.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.toLevel(level, Level.ERROR));
        ch.qos.logback.classic.Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level, Level.WARN));
        root.addAppender(standardError(logging));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext logging) {
        LineLayout layout = new LineLayout();
        layout.setContext(logging);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(logging);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(logging);
        appender.setName("standard-error");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
