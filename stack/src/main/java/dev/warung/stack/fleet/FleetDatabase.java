package dev.warung.stack.fleet;

import dev.warung.capture.source.SourceConnections;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.stack.pipeline.StackException;
import java.sql.Connection;
import java.sql.SQLException;

/** Where the rows of shapes and outlets are. */
public record FleetDatabase(PostgresUrl url) {

    private static final String NO_TABLE = "42P01";
    private static final String NO_SCHEMA = "3F000";
    private static final String NOT_ALLOWED = "42501";

    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * One transaction, in a session that prints canonical text.
     *
     * @throws StackException if PostgreSQL refuses it, with what to do
     */
    public <T> T transaction(Work<T> work) {
        try (Connection connection = new SourceConnections(url).open()) {
            connection.setAutoCommit(false);
            T result = work.in(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private StackException refused(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.equals(NO_TABLE) || state.equals(NO_SCHEMA)) {
            return new StackException(
                    url + " has no tables for shapes and outlets (" + e.getMessage()
                            + "). Capture makes them: start it once with its set-up.",
                    e);
        }
        if (state.equals(NOT_ALLOWED)) {
            return new StackException(
                    url.user() + " may not do this (" + e.getMessage()
                            + "). It needs USAGE on the schema warung, SELECT on warung.settings, and SELECT, INSERT,"
                            + " UPDATE and DELETE on warung.shapes and warung.outlets.",
                    e);
        }
        return new StackException("PostgreSQL refused it: " + e.getMessage(), e);
    }
}
