package dev.warung.outlet.replica;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Small pieces of JDBC, and what SQLite's errors mean. */
final class Sqlite {

    private Sqlite() {}

    /** Runs statements whose results do not matter; closes them, since one left open makes the next commit fail. */
    static void execute(Connection connection, String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw failure(e, String.join("; ", statements));
        }
    }

    static List<String> texts(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(String.valueOf(rows.getString(1)));
            }
            return texts;
        } catch (SQLException e) {
            throw failure(e, query);
        }
    }

    static long number(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            throw failure(e, query);
        }
    }

    /** A table or column that is missing was dropped by somebody else: the file is not what it was. */
    static PipelineException failure(SQLException e, String what) {
        SQLiteErrorCode code =
                e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.getErrorCode(e.getErrorCode());
        boolean isForeign = code == SQLiteErrorCode.SQLITE_ERROR
                && String.valueOf(e.getMessage()).contains("no such");
        ErrorCode known = isForeign ? ErrorCode.REPLICA_DAMAGED : meaning(code);
        return new PipelineException(known, what + ": " + e.getMessage() + ".", e);
    }

    private static ErrorCode meaning(SQLiteErrorCode code) {
        int primary = code.code & 0xFF;
        if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return ErrorCode.REPLICA_DAMAGED;
        }
        if (primary == SQLiteErrorCode.SQLITE_FULL.code
                || primary == SQLiteErrorCode.SQLITE_IOERR.code
                || primary == SQLiteErrorCode.SQLITE_READONLY.code
                || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || primary == SQLiteErrorCode.SQLITE_PERM.code
                || primary == SQLiteErrorCode.SQLITE_BUSY.code
                || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return ErrorCode.REPLICA_DISK;
        }
        if (primary == SQLiteErrorCode.SQLITE_CONSTRAINT.code || primary == SQLiteErrorCode.SQLITE_MISMATCH.code) {
            return ErrorCode.LOG_INCONSISTENT;
        }
        return ErrorCode.UNEXPECTED;
    }
}
