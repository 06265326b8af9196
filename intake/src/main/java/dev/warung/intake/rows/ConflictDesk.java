package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.apply.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Conflicts for people: lists them, and does what somebody decided. A decision is an ordinary transaction, so it travels to every outlet as
 * any other change does.
 *
 * <p>Thread: one.
 */
public final class ConflictDesk implements AutoCloseable {

    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);
    private final Connection connection;
    private final ConflictRows rows;

    private ConflictDesk(Connection connection) {
        this.connection = connection;
        this.rows = new ConflictRows(connection);
    }

    /** @throws PassingException if PostgreSQL does not answer */
    public static ConflictDesk open(PostgresUrl url) {
        try {
            return new ConflictDesk(IntakeSession.open(url, LOCK_WAIT));
        } catch (SQLException e) {
            throw new PassingException(e);
        }
    }

    /**
     * A row of {@code warung.conflicts}.
     *
     * @param base the row as the outlet saw it; empty if it made the row
     * @param client as it wants it; empty if it deleted the row
     * @param server as it was; empty if it was deleted
     * @param resolution who won; empty while it is open
     */
    public record Entry(
            UUID id,
            UUID op,
            UUID outlet,
            String code,
            TableId table,
            RowImage key,
            Optional<RowImage> base,
            Optional<RowImage> client,
            Optional<RowImage> server,
            String policy,
            String state,
            Optional<String> resolution,
            Optional<String> resolvedBy,
            String createdAt,
            Optional<RowImage> result) {

        public boolean isOpen() {
            return state.equals("open");
        }
    }

    /** What somebody decided. */
    public sealed interface Choice {
        /** The row stays as it is. */
        record Server() implements Choice {}

        /** The row becomes what the outlet made of it. */
        record Client() implements Choice {}

        /** These columns get these values, whatever the two sides say. */
        record Merged(RowImage columns) implements Choice {}
    }

    /**
     * Which conflicts to list.
     *
     * @param code of an outlet; empty for all
     * @param state {@code open} or {@code resolved}; empty for both
     * @param offset so many of the newest are left out
     */
    public record Filter(
            Optional<String> code, Optional<String> state, Optional<TableId> table, int limit, int offset) {

        /** The newest ones. */
        public static Filter of(Optional<String> code, boolean isWithResolved, int limit) {
            return new Filter(
                    code, isWithResolved ? Optional.empty() : Optional.of("open"), Optional.empty(), limit, 0);
        }
    }

    /** The newest first. */
    public List<Entry> list(Filter filter) {
        return transaction(() -> rows.list(filter));
    }

    public Optional<Entry> find(UUID id) {
        return transaction(() -> rows.find(id));
    }

    /**
     * Does what somebody decided.
     *
     * @param by who decided
     * @throws RefusedException if there is no such open conflict, or PostgreSQL refuses the row
     */
    public Entry resolve(UUID id, Choice choice, String by) {
        return transaction(() -> rows.resolve(rows.open(id), choice, by));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new PassingException(e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T get() throws SQLException;
    }

    private <T> T transaction(Work<T> work) {
        try {
            T result = work.get();
            connection.commit();
            return result;
        } catch (SQLException e) {
            rollback();
            throw new PassingException(e);
        } catch (RuntimeException e) {
            rollback();
            throw e;
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new PassingException(e);
        }
    }
}
