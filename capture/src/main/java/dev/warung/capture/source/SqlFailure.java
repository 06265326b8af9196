package dev.warung.capture.source;

import dev.warung.core.runtime.ErrorCode;
import java.sql.SQLException;

/** What PostgreSQL's error codes mean for capture. */
final class SqlFailure {

    private SqlFailure() {}

    static ErrorCode codeOf(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        boolean unreachable = state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
        if (unreachable) {
            return ErrorCode.POSTGRES_UNREACHABLE;
        }
        return switch (state) {
            // object_in_use: the slot has another reader
            case "55006" -> ErrorCode.SLOT_BUSY;
            // object_not_in_prerequisite_state (wal_level), insufficient_privilege, undefined_table,
            // undefined_function,
            // invalid_schema_name, configuration_limit_exceeded (slots)
            case "55000", "42501", "42P01", "42883", "3F000", "53400" -> ErrorCode.POSTGRES_NOT_READY;
            default -> ErrorCode.UNEXPECTED;
        };
    }
}
