package dev.warung.intake.rows;

import java.sql.SQLException;

/** PostgreSQL could not do it now; nothing of the transaction was done. */
public final class PassingException extends RuntimeException {

    private final boolean isOutage;

    PassingException(SQLException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.isOutage = FailureReasons.isOutage(cause.getSQLState() == null ? "" : cause.getSQLState());
    }

    /** Whether no upload can be applied at the time; the upload itself is to blame otherwise. */
    public boolean isOutage() {
        return isOutage;
    }
}
