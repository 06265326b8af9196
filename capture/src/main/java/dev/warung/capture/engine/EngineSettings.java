package dev.warung.capture.engine;

import java.time.Duration;
import java.util.Map;

/**
 * What the engine needs to know.
 *
 * @param driverProperties further properties of the JDBC driver, such as sslmode
 */
public record EngineSettings(
        Server server, String slot, String publication, Map<String, String> driverProperties, Flow flow) {

    /** Where PostgreSQL is and who logs in. */
    public record Server(String host, int port, String database, String user, String password) {
        @Override
        public String toString() {
            return user + "@" + host + ":" + port + "/" + database;
        }
    }

    /**
     * How events flow.
     *
     * @param pollInterval how long the reader sleeps while PostgreSQL sends nothing: latency against CPU
     * @param batchRecords events of one batch at most
     * @param queueBytes bound of the events in memory between PostgreSQL and the log
     */
    public record Flow(Duration pollInterval, int batchRecords, long queueBytes) {
        public static final Flow DEFAULT = new Flow(Duration.ofMillis(10), 2048, 64L << 20);
    }
}
