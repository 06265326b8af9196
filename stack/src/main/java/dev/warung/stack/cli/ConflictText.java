package dev.warung.stack.cli;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.intake.rows.PassingException;
import dev.warung.stack.pipeline.StackException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Conflicts for people and for programs. */
final class ConflictText {

    private static final String COLUMN = "  %-20s %-24s %-24s %-24s%n";

    private ConflictText() {}

    /** @throws StackException if it cannot be done, with the reason */
    static <T> T with(FleetTarget target, Function<ConflictDesk, T> work) {
        try (ConflictDesk desk = ConflictDesk.open(target.database().url())) {
            return work.apply(desk);
        } catch (RefusedException e) {
            String detail = e.refusal().detail();
            throw new StackException(e.refusal().reason() + (detail.isEmpty() ? "" : " (" + detail + ")"), e);
        } catch (PassingException e) {
            throw new StackException("PostgreSQL refused it: " + e.getMessage(), e);
        }
    }

    static void print(ConflictDesk.Entry entry, PrintWriter out) {
        out.println(
                "conflict " + entry.id() + " of outlet " + entry.code() + " on " + entry.table() + " " + key(entry));
        out.println("  at " + entry.createdAt() + " UTC, policy " + entry.policy() + ": " + decision(entry));
        out.printf(Locale.ROOT, COLUMN, "COLUMN", "BASE", "CLIENT", "SERVER");
        Set<String> columns = new LinkedHashSet<>();
        entry.base().ifPresent(row -> columns.addAll(row.columns()));
        entry.client().ifPresent(row -> columns.addAll(row.columns()));
        entry.server().ifPresent(row -> columns.addAll(row.columns()));
        for (String column : columns) {
            out.printf(
                    Locale.ROOT,
                    COLUMN,
                    column,
                    value(entry.base(), column),
                    value(entry.client(), column),
                    value(entry.server(), column));
        }
    }

    static String key(ConflictDesk.Entry entry) {
        return entry.key().values().values().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    static String decision(ConflictDesk.Entry entry) {
        return entry.isOpen()
                ? "open"
                : entry.resolution().orElse("resolved") + " by "
                        + entry.resolvedBy().orElse("somebody");
    }

    private static String value(Optional<RowImage> row, String column) {
        return row.map(image -> String.valueOf(image.get(column))).orElse("-");
    }
}
