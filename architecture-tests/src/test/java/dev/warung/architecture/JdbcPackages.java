package dev.warung.architecture;

/** The packages that may speak JDBC, each with its reason. */
final class JdbcPackages {
    private JdbcPackages() {}

    static String[] all() {
        return new String[] {
            // PostgreSQL's catalogue, set-up and pre-flight, heartbeat
            "dev.warung.capture.source..",
            // generation copies read the rows of their chunks
            "dev.warung.capture.copy..",
            // the backup file
            "dev.warung.replicator.backup..",
            // an outlet's file
            "dev.warung.outlet.replica..",
            // writes PostgreSQL for outlets
            "dev.warung.intake.rows..",
            // compares PostgreSQL's snapshot with the file's
            "dev.warung.replicator.verify..",
            // starts PostgreSQL and asks it whether it is up
            "dev.warung.embedded..",
            // fills PostgreSQL, reads its replication stream, watches the backup
            "dev.warung.bench..",
            // the demo's shop, and tests, are applications
            "dev.warung.stack..",
            "dev.warung.testkit..",
        };
    }
}
