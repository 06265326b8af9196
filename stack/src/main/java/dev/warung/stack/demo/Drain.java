package dev.warung.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.core.change.Lsn;
import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.StackException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits until the backup holds everything that was committed before: until the commit it stands at lies behind PostgreSQL's WAL
 * position of that moment. Capture's heartbeat is a commit, so there is always a next one.
 */
final class Drain {
    private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

    private final Lsn target;

    private Drain(Lsn target) {
        this.target = target;
    }

    static Drain ofEverythingCommittedIn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_current_wal_lsn()")) {
            row.next();
            return new Drain(Lsn.parse(row.getString(1)));
        }
    }

    boolean await(RoleClient replicator, Duration limit, Supplier<Optional<String>> failure) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - end < 0) {
            if (replicator.status().map(this::isReached).orElse(false)) {
                return true;
            }
            failure.get().ifPresent(text -> {
                throw new StackException(text);
            });
            LockSupport.parkNanos(STEP_NANOS);
        }
        return false;
    }

    private boolean isReached(JsonNode status) {
        String commit = status.path("commit").asText("");
        return !commit.isEmpty() && Lsn.parse(commit).compareTo(target) >= 0;
    }
}
