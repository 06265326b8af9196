package dev.warung.stack.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogConfigurationTest {

    private final LoggerContext logging = new LoggerContext();

    @AfterEach
    void clear() {
        System.clearProperty(LogConfiguration.LEVEL);
        System.clearProperty("logback.configurationFile");
    }

    @Test
    void aCommandWarnsAndARoleInforms() {
        assertThat(new LogConfiguration().configure(logging)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(logging.getLogger("dev.warung").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(logging.getLogger("org.apache.kafka.clients.NetworkClient").getEffectiveLevel())
                .isEqualTo(Level.ERROR);

        System.setProperty(LogConfiguration.LEVEL, "INFO");
        assertThat(new LogConfiguration().configure(logging)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(logging.getLogger("dev.warung").getEffectiveLevel()).isEqualTo(Level.INFO);
        assertThat(logging.getLogger("org.apache.kafka.clients.NetworkClient").getEffectiveLevel())
                .isEqualTo(Level.INFO);
        assertThat(logging.getLogger("org.apache.kafka.common").getEffectiveLevel())
                .isEqualTo(Level.WARN);
    }

    @Test
    void logbackFindsItByItself() throws Exception {
        new ContextInitializer(logging).autoConfig();
        assertThat(logging.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("standard-error"))
                .isNotNull();
    }

    @Test
    void aFileThatTheUserNamesIsTakenInstead() {
        System.setProperty("logback.configurationFile", "mine.xml");
        assertThat(new LogConfiguration().configure(logging)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(logging.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("standard-error"))
                .isNull();
    }

    @Test
    void aLineHasTimeLevelNameTextAndTheException() {
        LoggingEvent event = event("dev.warung.outlet.link.Outlet", null);
        assertThat(new LineLayout().doLayout(event))
                .isEqualTo("2026-11-22T10:00:00.000Z INFO  dev.warung.outlet.link.Outlet 3 rows came%n".formatted());

        LoggingEvent failed = event("dev.warung.outlet.replica.something.Replica", new IOException("disk full"));
        assertThat(new LineLayout().doLayout(failed).lines())
                .startsWith(
                        "2026-11-22T10:00:00.000Z INFO  d.w.o.r.something.Replica 3 rows came",
                        "java.io.IOException: disk full")
                .anyMatch(line -> line.contains("at dev.warung.stack.logging.LogConfigurationTest"));
    }

    private LoggingEvent event(String name, @Nullable Exception thrown) {
        Logger logger = logging.getLogger(name);
        LoggingEvent event = new LoggingEvent("", logger, Level.INFO, "{} rows came", thrown, new Object[] {3});
        event.setInstant(Instant.parse("2026-11-22T10:00:00Z"));
        return event;
    }
}
