package dev.warung.capture.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;

/**
 * Proves that an UPDATE and a DELETE of a table are still allowed, on no row and without triggers, and undoes them.
 *
 * <p>PostgreSQL checks replica identity against publications when such a statement starts, not when the table joins: without
 * this the application would be the first to know.
 */
record UpdateProof(Connection connection, SourceTable table) {

    /** A tuple that never exists; unlike a false condition it is not planned away. */
    private static final String NO_ROW = " where ctid = '(0,0)'::pg_catalog.tid";

    static UpdateProof of(Connection connection, SourceTable table) {
        return new UpdateProof(connection, table);
    }

    /** @throws SQLException if the statements would fail */
    void run() throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            if (isSuperuser(statement)) {
                statement.execute("set local session_replication_role = replica");
            }
            String name = table.shape().id().quoted();
            Optional<String> column = anyColumn(statement);
            if (column.isPresent()) {
                statement.execute("update " + name + " set " + column.get() + " = " + column.get() + NO_ROW);
            }
            statement.execute("delete from " + name + NO_ROW);
        } finally {
            connection.rollback(before);
        }
    }

    private static boolean isSuperuser(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("select pg_catalog.current_setting('is_superuser')")) {
            return result.next() && "on".equals(result.getString(1));
        }
    }

    private Optional<String> anyColumn(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery(
                "select pg_catalog.quote_ident(attname) from pg_catalog.pg_attribute where attrelid = "
                        + table.shape().oid()
                        + " and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a' order by attnum")) {
            return result.next() ? Optional.of(result.getString(1)) : Optional.empty();
        }
    }
}
