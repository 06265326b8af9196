package dev.warung.stack.fleet;

import dev.warung.stack.pipeline.StackException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Applies a file of shapes as soon as capture follows every table that the file names. Capture makes its own tables first and takes the
 * application's in one after the other, so whoever applies right after a start would be refused.
 *
 * <p>Thread: that of the connection.
 */
public record ShapesApplier(ShapesFile file, ShapesPlan.Absent absent) {

    private static final long STEP_MS = 250;

    /**
     * Leaves a transaction open; each try that comes too early is rolled back.
     *
     * @param connection without automatic commit
     * @param patience how long tables may be lacking; other problems are told at once
     */
    public ShapesPlan apply(Connection connection, Duration patience) throws SQLException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - end < 0) {
            if (isSetUp(connection)) {
                ShapesPlan plan = ShapesPlan.apply(connection, file, absent);
                if (plan.lacking().isEmpty()) {
                    return plan;
                }
            }
            connection.rollback();
            pause();
        }
        return ShapesPlan.apply(connection, file, absent);
    }

    /** From the catalogue, which everybody may read. */
    private static boolean isSetUp(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) = 4 from pg_catalog.pg_tables where schemaname = 'warung'"
                                + " and tablename in ('settings', 'shapes', 'outlets', 'writes')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(STEP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while waiting for tables.");
        }
    }
}
