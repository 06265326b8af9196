package dev.warung.stack.retail;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One shop. The first of them is also the head office, which imports price lists and releases the migration.
 *
 * <p>Thread: its own; it owns its connection.
 */
final class ShopThread implements Runnable {
    private static final long RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int ROLLBACK_ONE_IN = 30;
    private static final long MIGRATE_AGAIN_AFTER_SECONDS = 10;

    private final Workload workload;
    private final Pace pace;
    private final Random random;
    private final boolean headOffice;
    private final long started = System.nanoTime();
    private long migrateAfterSeconds = Workload.MIGRATION_AFTER.toSeconds();
    private long imports;

    ShopThread(Workload workload, Pace pace, Random random, boolean headOffice) {
        this.workload = workload;
        this.pace = pace;
        this.random = random;
        this.headOffice = headOffice;
    }

    @Override
    public void run() {
        while (!workload.isStopped()) {
            try (Connection connection = DriverManager.getConnection(workload.jdbcUrl())) {
                connection.setAutoCommit(false);
                work(connection);
            } catch (SQLException lost) {
                workload.countFailure(lost.toString());
                workload.pause(RECONNECT_NANOS);
            }
        }
    }

    private void work(Connection connection) throws SQLException {
        while (!workload.isStopped()) {
            workload.pause(pace.untilNext());
            Activity activity = next();
            try {
                activity.perform(connection, random);
                if (random.nextInt(ROLLBACK_ONE_IN) == 0) {
                    connection.rollback();
                    workload.countRollback();
                } else {
                    connection.commit();
                    workload.countCommit();
                }
            } catch (SQLException e) {
                connection.rollback();
                workload.countFailure(e.toString());
            }
        }
    }

    /** Tried again later if a table is locked; never rolled back on purpose. */
    private void migrate(Connection connection, Random choices) throws SQLException {
        Migration.run(connection, choices);
        connection.commit();
        migrateAfterSeconds = Long.MAX_VALUE;
    }

    private Activity next() {
        if (headOffice) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
            if (seconds >= migrateAfterSeconds) {
                migrateAfterSeconds = seconds + MIGRATE_AGAIN_AFTER_SECONDS;
                return this::migrate;
            }
            long due = (seconds + Workload.IMPORT_EVERY.toSeconds() / 2) / Workload.IMPORT_EVERY.toSeconds();
            if (imports < due) {
                imports++;
                return NightlyImport::run;
            }
        }
        return Activities.pick(random);
    }
}
