package dev.warung.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/** How reports write their figures: the same in all of them. */
public final class Figures {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double THOUSANDTHS = 1000;
    private static final long MIB = 1 << 20;

    private Figures() {}

    /** The beginning of a report's JSON. */
    public static ObjectNode json(String benchmark, Report report) {
        ObjectNode node = JSON.createObjectNode();
        node.put("benchmark", benchmark);
        node.put("complete", report.isComplete());
        return node;
    }

    /** The same text wherever it is read: a point in a fraction, no grouping. */
    public static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }

    static double rounded(double value) {
        return Math.round(value * THOUSANDTHS) / THOUSANDTHS;
    }

    public static void write(ObjectNode node, String name, Map<String, Double> values) {
        ObjectNode each = node.putObject(name);
        values.forEach((what, value) -> each.put(what, rounded(value)));
    }

    /** The end of a report's JSON. */
    public static ObjectNode withPeakRss(ObjectNode node, Map<String, Long> bytes) {
        ObjectNode each = node.putObject("peakRssBytes");
        bytes.forEach(each::put);
        return node;
    }

    /** Each value behind its name. */
    public static String text(String valueFormat, Map<String, Double> values) {
        StringBuilder out = new StringBuilder();
        values.forEach((what, value) -> out.append(format("  %s " + valueFormat, what, value)));
        return out.toString();
    }

    /** A line without an end. */
    public static String peakRssText(Map<String, Long> bytes) {
        StringBuilder out = new StringBuilder("Peak resident memory (VmHWM), MiB:");
        bytes.forEach((role, size) -> out.append(format("  %s %d", role, size / MIB)));
        return out.toString();
    }
}
