package dev.warung.stack.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The demo's lines for people. */
final class Texts {
    private static final long KIB = 1024;

    private Texts() {}

    static String clock(double seconds) {
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%02d:%02d", whole / 60, whole % 60);
    }

    static String shops(Sample now, Sample before) {
        return String.format(
                Locale.ROOT,
                "%d tx/s   %,d committed   %,d rolled back   %,d failed",
                now.transactionsPerSecond(before),
                now.shops().committed(),
                now.shops().rolledBack(),
                now.shops().failed());
    }

    static String capture(Sample now, Sample before) {
        return now.capture().text("state").orElse("no answer")
                + "   " + count(now.capturedPerSecond(before)) + " rows/s"
                + "   lag " + count(now.capture().number("lagMs")) + " ms"
                + "   WAL kept " + bytes(now.capture().number("retainedWalBytes"));
    }

    static String replicator(Sample now, Sample before) {
        return now.replicator().text("state").orElse("no answer")
                + "   " + count(now.appliedPerSecond(before)) + " rows/s"
                + "   lag " + count(now.replicator().number("lagMs")) + " ms, "
                + count(now.replicator().number("lagRows")) + " rows, "
                + bytes(now.replicator().number("lagBytes"));
    }

    /** What keeps a stage from being well, one line each. */
    static List<String> troubles(Sample now) {
        List<String> lines = new ArrayList<>();
        Map.of("capture", now.capture(), "replicator", now.replicator()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(role -> role.getValue().text("healthy").orElse("").equals("false"))
                .forEach(role -> lines.add(
                        role.getKey() + ": " + role.getValue().text("detail").orElse("")));
        return lines;
    }

    static String latency(Sample now) {
        return "p50 " + millis(now.replicator().decimal("latency.p50Ms")) + "   p99 "
                + millis(now.replicator().decimal("latency.p99Ms"));
    }

    static List<String> tables(Map<String, TableCounts.Count> tables) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-28s %12s %12s", "table", "PostgreSQL", "backup"));
        tables.forEach((name, count) -> lines.add(
                String.format(Locale.ROOT, "%-28s %,12d %12s", name, count.source(), backup(count.backup()))));
        return lines;
    }

    static String rows(Map<String, TableCounts.Count> tables) {
        long source =
                tables.values().stream().mapToLong(TableCounts.Count::source).sum();
        long backup =
                tables.values().stream().mapToLong(c -> Math.max(0, c.backup())).sum();
        return String.format(Locale.ROOT, "%,d / %,d", source, backup);
    }

    private static String backup(long rows) {
        return rows < 0 ? "not yet" : String.format(Locale.ROOT, "%,d", rows);
    }

    private static String count(OptionalLong value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,d", value.getAsLong()) : "-";
    }

    private static String millis(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.0f ms", value.getAsDouble()) : "-";
    }

    private static String bytes(OptionalLong value) {
        if (value.isEmpty()) {
            return "-";
        }
        double amount = value.getAsLong();
        for (String unit : List.of("B", "KB", "MB")) {
            if (amount < KIB) {
                return String.format(Locale.ROOT, "%.0f %s", amount, unit);
            }
            amount /= KIB;
        }
        return String.format(Locale.ROOT, "%.1f GB", amount);
    }
}
