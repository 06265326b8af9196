package dev.warung.stack.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What has become of what the outlets wrote.
 *
 * @param sales that the tills made in this run
 * @param missing a line for each thing that is not in PostgreSQL as it should be
 */
record OutletReport(List<Line> lines, long sales, List<String> missing) {

    /**
     * One outlet.
     *
     * @param writes that the server has answered, and those that wait
     * @param pending that the server has not answered
     * @param conflicts that somebody had to decide, or still has to: they are among the others once that is done
     */
    record Line(
            String outlet,
            long writes,
            long applied,
            long merged,
            long superseded,
            long failed,
            long pending,
            long conflicts) {}

    OutletReport {
        lines = List.copyOf(lines);
        missing = List.copyOf(missing);
    }

    boolean isGood() {
        return missing.isEmpty() && lines.stream().allMatch(line -> line.pending() == 0);
    }

    List<String> text() {
        List<String> text = new ArrayList<>();
        text.add(String.format(
                Locale.ROOT,
                "%-10s %9s %9s %9s %11s %8s %8s   %s",
                "outlet",
                "writes",
                "applied",
                "merged",
                "superseded",
                "failed",
                "pending",
                "conflicts"));
        for (Line line : lines) {
            text.add(String.format(
                    Locale.ROOT,
                    "%-10s %,9d %,9d %,9d %,11d %,8d %,8d   %,9d",
                    line.outlet(),
                    line.writes(),
                    line.applied(),
                    line.merged(),
                    line.superseded(),
                    line.failed(),
                    line.pending(),
                    line.conflicts()));
        }
        text.addAll(missing);
        if (missing.isEmpty()) {
            text.add(String.format(
                    Locale.ROOT,
                    "PostgreSQL has each of the tills' %,d sales once, and every stock is the sum of its movements",
                    sales));
        }
        return text;
    }
}
