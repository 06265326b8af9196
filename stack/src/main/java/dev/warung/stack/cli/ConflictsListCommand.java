package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.warung.intake.api.ConflictJson;
import dev.warung.intake.rows.ConflictDesk;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warung conflicts list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the conflicts that wait for a decision, the newest first.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed", "1:it could not be done", "2:wrong usage"})
final class ConflictsListCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private FleetTarget target = new FleetTarget();

    @Option(names = "--outlet", paramLabel = "CODE", description = "of this outlet only")
    private @Nullable String outlet;

    @Option(names = "--all", description = "those too that are decided, by a table's policy or by somebody")
    private boolean isWithResolved;

    @Option(names = "--limit", description = "how many at most (default ${DEFAULT-VALUE})", defaultValue = "50")
    private int limit;

    @Option(names = "--json", description = "as one JSON array")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        ConflictDesk.Filter filter =
                ConflictDesk.Filter.of(Optional.ofNullable(outlet), isWithResolved, Math.max(1, limit));
        List<ConflictDesk.Entry> entries = ConflictText.with(target, desk -> desk.list(filter));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode all = JSON.createArrayNode();
            entries.forEach(entry -> all.add(ConflictJson.of(entry)));
            out.println(all.toPrettyString());
        } else {
            String line = "%-36s  %-16s %-20s %-24s %-19s  %s%n";
            out.printf(Locale.ROOT, line, "CONFLICT", "OUTLET", "TABLE", "KEY", "CREATED (UTC)", "DECISION");
            for (ConflictDesk.Entry entry : entries) {
                out.printf(
                        Locale.ROOT,
                        line,
                        entry.id(),
                        entry.code(),
                        entry.table().replicaName(),
                        ConflictText.key(entry),
                        entry.createdAt(),
                        ConflictText.decision(entry));
            }
        }
        out.flush();
        return 0;
    }
}
