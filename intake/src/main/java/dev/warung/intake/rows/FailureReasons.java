package dev.warung.intake.rows;

import dev.warung.core.upload.apply.Refusal;
import java.util.Set;

/**
 * What PostgreSQL's errors mean to a shopkeeper, and which of them pass by themselves.
 *
 * <p>Two examples: {@code 23505} on {@code produk_sku_key} is "Another row of produk has the same value already (produk_sku_key)."; {@code
 * 40P01} is no refusal, it is tried again.
 */
final class FailureReasons {

    /** Of whole classes: connection, rolled back, resources, operator, system. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57", "58");

    private static final Set<String> PASSING = Set.of("55P03", "25006", "25P03", "");
    private static final Set<String> OUTAGES = Set.of("08", "53", "58");
    private static final String SHUTDOWN = "57P";
    /** How PostgreSQL's message begins where a row is to go that others refer to. */
    private static final String STILL_USED = "update or delete";

    private FailureReasons() {}

    /**
     * An error of PostgreSQL; what it did not name is empty.
     *
     * @param state SQLSTATE
     * @param table the table that was written, or that a constraint is of
     */
    record Failure(String state, String table, String column, String constraint, String message) {}

    /** Whether the same may succeed later. */
    static boolean isPassing(String state) {
        return PASSING.contains(state) || PASSING_CLASSES.contains(classOf(state));
    }

    /** Whether nothing at all can be done until somebody mends it, so that it is nobody's upload that is to blame. */
    static boolean isOutage(String state) {
        return state.isEmpty() || OUTAGES.contains(classOf(state)) || state.startsWith(SHUTDOWN);
    }

    static Refusal refusal(Failure failure) {
        String table = failure.table();
        String column = failure.column().isEmpty() ? "A value" : "\"" + failure.column() + "\"";
        return switch (failure.state()) {
            case "23505" ->
                refusal(
                        failure,
                        "duplicate",
                        "Another row of " + table + " has the same value already" + rule(failure) + ".");
            case "23503" ->
                failure.message().startsWith(STILL_USED)
                        ? refusal(failure, "in_use", "The row is still in use by " + table + rule(failure) + ".")
                        : refusal(
                                failure,
                                "reference",
                                "The row that this row of " + table + " belongs to is not there" + rule(failure) + ".");
            case "23502" -> refusal(failure, "missing", column + " of " + table + " must not be empty.");
            case "23514" -> refusal(failure, "check", "A value of " + table + " is not allowed" + rule(failure) + ".");
            case "23P01" ->
                refusal(failure, "overlap", "A row of " + table + " overlaps another one" + rule(failure) + ".");
            case "22021", "22P05" ->
                refusal(failure, "bad_character", "A text of " + table + " holds a character that cannot be stored.");
            case "22001" -> refusal(failure, "too_long", "A text of " + table + " is too long.");
            case "22003" -> refusal(failure, "too_large", "A number of " + table + " is too large.");
            case "22007", "22008" -> refusal(failure, "bad_date", "A date or time of " + table + " is not valid.");
            case "22P02" ->
                refusal(failure, "bad_value", "A value of " + table + " has a form that the server does not accept.");
            case "54000" -> refusal(failure, "too_large", "A row of " + table + " is too large.");
            case "42501" ->
                refusal(failure, "not_allowed", "The server does not let changes of " + table + " through.");
            case "P0001" ->
                refusal(failure, "refused", "The server refused the change of " + table + ": " + failure.message());
            default ->
                refusal(
                        failure,
                        "refused",
                        "The server could not save the change of " + table + " (error " + failure.state() + ").");
        };
    }

    private static Refusal refusal(Failure failure, String code, String reason) {
        return new Refusal(code, reason, failure.state() + " " + failure.message());
    }

    private static String rule(Failure failure) {
        return failure.constraint().isEmpty() ? "" : " (" + failure.constraint() + ")";
    }

    private static String classOf(String state) {
        return state.length() < 2 ? state : state.substring(0, 2);
    }
}
