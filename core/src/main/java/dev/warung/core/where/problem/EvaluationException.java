package dev.warung.core.where.problem;

/**
 * A value that PostgreSQL refuses while it evaluates: division by zero, a text that is not of the type it is cast to, a
 * result out of range. PostgreSQL would fail the query; the caller decides what the row's membership is then.
 */
public final class EvaluationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EvaluationException(String message) {
        super(message);
    }
}
