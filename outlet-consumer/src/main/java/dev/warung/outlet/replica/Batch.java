package dev.warung.outlet.replica;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A prepared statement with rows that wait to be executed together. Used only by the outlet thread. */
final class Batch implements AutoCloseable {

    private final String what;
    private final PreparedStatement statement;
    private int index;
    private int rows;

    /** @param what named in messages */
    Batch(Connection connection, String what, String sql) {
        this.what = what;
        try {
            this.statement = connection.prepareStatement(sql);
        } catch (SQLException e) {
            throw Sqlite.failure(e, what);
        }
    }

    Batch bind(@Nullable Object... values) {
        try {
            for (Object value : values) {
                index++;
                if (value instanceof Long number) {
                    statement.setLong(index, number);
                } else if (value instanceof String text) {
                    statement.setString(index, text);
                } else if (value instanceof Double number) {
                    statement.setDouble(index, number);
                } else if (value instanceof byte[] bytes) {
                    statement.setBytes(index, bytes);
                } else {
                    statement.setObject(index, value);
                }
            }
        } catch (SQLException e) {
            throw Sqlite.failure(e, what);
        }
        return this;
    }

    /** The values bound are a row; how many wait now. */
    int add() {
        index = 0;
        try {
            statement.addBatch();
        } catch (SQLException e) {
            throw Sqlite.failure(e, what);
        }
        return ++rows;
    }

    void execute() {
        if (rows == 0) {
            return;
        }
        rows = 0;
        try {
            statement.executeBatch();
        } catch (SQLException e) {
            throw Sqlite.failure(e, what);
        }
    }

    @Override
    public void close() {
        try {
            statement.close();
        } catch (SQLException e) {
            throw Sqlite.failure(e, what);
        }
    }
}
