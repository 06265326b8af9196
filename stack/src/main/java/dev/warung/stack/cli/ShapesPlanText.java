package dev.warung.stack.cli;

import dev.warung.core.shape.ShapeProblem;
import dev.warung.stack.fleet.ShapesPlan;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeMap;

/** A plan for people. */
final class ShapesPlanText {
    private ShapesPlanText() {}

    /** @return whether all is well */
    static boolean print(ShapesPlan plan, PrintWriter out, PrintWriter err) {
        for (ShapeProblem problem : plan.problems()) {
            err.println(problem);
        }
        if (!plan.problems().isEmpty()) {
            err.println(plan.problems().size() + " problem" + (plan.problems().size() == 1 ? "" : "s")
                    + "; nothing was changed");
            return false;
        }
        new TreeMap<>(plan.steps())
                .forEach((name, step) -> out.println(String.format(Locale.ROOT, "  %-24s %s", name, words(step))));
        new TreeMap<>(plan.writes().steps()).forEach((table, step) -> {
            if (step != ShapesPlan.Step.KEEP) {
                out.println(String.format(Locale.ROOT, "  %-24s %s", "writes of " + table, wordsOfWrites(step)));
            }
        });
        plan.warnings().forEach(warning -> out.println("warning: " + warning));
        return true;
    }

    private static String wordsOfWrites(ShapesPlan.Step step) {
        return switch (step) {
            case ADD -> "new: outlets may write it";
            case CHANGE -> "changed";
            case KEEP, ABSENT -> "unchanged";
            case REMOVE -> "removed: no outlet may write it";
        };
    }

    private static String words(ShapesPlan.Step step) {
        return switch (step) {
            case ADD -> "new";
            case CHANGE -> "changed: its outlets get it anew";
            case KEEP -> "unchanged";
            case ABSENT -> "not in the file, stays; --prune removes it";
            case REMOVE -> "removed: its outlets lose its rows";
        };
    }
}
