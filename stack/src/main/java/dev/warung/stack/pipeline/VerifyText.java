package dev.warung.stack.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The events of a verification as lines for people. */
public final class VerifyText {
    private static final long PROGRESS_FROM_ROWS = 200_000;

    private VerifyText() {}

    /** The event as text; empty for one that needs no line of its own. */
    public static Optional<String> line(JsonNode event) {
        return switch (event.path("event").asText()) {
            case "phase" -> Optional.of("verify: " + event.path("detail").asText());
            case "waiting" -> Optional.of(waiting(event));
            case "progress" -> Optional.of(event).filter(VerifyText::isLong).map(VerifyText::progress);
            case "table" -> Optional.of(table(event.path("result")));
            case "summary" -> Optional.of(summary(event.path("report")));
            case "failure" ->
                Optional.of("could not verify: " + event.path("message").asText());
            default -> Optional.empty();
        };
    }

    /** Whether this is the last event, and says that both sides are the same. */
    public static boolean saysIdentical(JsonNode event) {
        return event.path("event").asText().equals("summary")
                && event.path("report").path("identical").asBoolean();
    }

    public static boolean saysFailure(JsonNode event) {
        return event.path("event").asText().equals("failure");
    }

    private static String waiting(JsonNode event) {
        List<String> waits = new ArrayList<>();
        event.path("transactions").forEach(t -> waits.add(transaction(t)));
        return "verify: waiting " + event.path("waitedMs").asLong() / 1000 + " s of at most "
                + event.path("limitMs").asLong() / 1000 + " s for the end of\n    " + String.join("\n    ", waits);
    }

    /** A table that is read in a moment needs no progress. */
    private static boolean isLong(JsonNode event) {
        return event.path("sourceRows").asLong() + event.path("backupRows").asLong() >= PROGRESS_FROM_ROWS;
    }

    private static String progress(JsonNode event) {
        return String.format(
                Locale.ROOT,
                "verify: %s  %,d rows of about %,d read in PostgreSQL, %,d in the backup",
                event.path("table").asText(),
                event.path("sourceRows").asLong(),
                event.path("estimate").asLong(),
                event.path("backupRows").asLong());
    }

    private static String table(JsonNode result) {
        String verdict = result.path("verdict").asText();
        String line = String.format(
                Locale.ROOT,
                "verify: %-28s %,10d rows  %s  %s",
                result.path("table").asText(),
                result.path("source").path("rows").asLong(),
                result.path("source").path("hash").asText(),
                verdict.toLowerCase(Locale.ROOT).replace('_', ' '));
        if (verdict.equals("IDENTICAL")) {
            return line;
        }
        StringBuilder text = new StringBuilder(line);
        text.append("\n    ").append(result.path("reason").asText());
        result.path("differences").forEach(d -> text.append("\n    ").append(difference(d)));
        return text.append(result.path("more").asBoolean() ? "\n    and more" : "")
                .toString();
    }

    private static String difference(JsonNode difference) {
        List<String> key = new ArrayList<>();
        difference
                .path("key")
                .forEach(k -> key.add(
                        k.path("column").asText() + "=" + k.path("value").asText()));
        StringBuilder text = new StringBuilder(String.join(", ", key))
                .append(": ")
                .append(difference
                        .path("kind")
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', ' '));
        difference
                .path("columns")
                .forEach(c -> text.append("\n        ")
                        .append(c.path("column").asText())
                        .append(": PostgreSQL ")
                        .append(c.path("source").asText())
                        .append(", backup ")
                        .append(c.path("backup").asText()));
        return text.toString();
    }

    private static String transaction(JsonNode transaction) {
        String query = transaction.path("query").asText();
        return String.format(
                Locale.ROOT,
                "pid %d (%s), transaction %d, open for %d s, %s%s",
                transaction.path("pid").asInt(),
                transaction.path("application").asText(),
                transaction.path("xid").asLong(),
                transaction.path("ageMs").asLong() / 1000,
                transaction.path("state").asText(),
                query.isEmpty() ? "" : ": " + query);
    }

    private static String summary(JsonNode report) {
        return String.format(
                Locale.ROOT,
                "verify: %d tables, %,d rows compared at %s in %,d ms: %s",
                report.path("tables").asInt(),
                report.path("rows").asLong(),
                report.path("position").asText(),
                report.path("durationMs").asLong(),
                report.path("identical").asBoolean() ? "identical" : "DIFFERENT");
    }
}
