package dev.warung.stack.cli;

import dev.warung.core.upload.RowImage;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.stack.pipeline.StackException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung conflicts resolve}. */
@Command(
        name = "resolve",
        mixinStandardHelpOptions = true,
        description =
                "Decides an open conflict. The row changes as by any other transaction, and every outlet gets it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:decided", "1:there is no such open conflict, or the row is refused", "2:wrong usage"})
final class ConflictsResolveCommand implements Callable<Integer> {
    private static final String SERVER = "server";
    private static final String CLIENT = "client";
    private static final String USAGE =
            "Say who wins with --use server or --use client, or what the row becomes with --set COLUMN=VALUE.";

    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(paramLabel = "CONFLICT", description = "its id, as 'warung conflicts list' shows it")
    private UUID id = new UUID(0, 0);

    @Option(
            names = "--use",
            paramLabel = "WHO",
            description = "server: the row stays as it is; client: it becomes what the outlet made of it")
    private @Nullable String winner;

    @Option(
            names = "--set",
            paramLabel = "COLUMN=VALUE",
            description = "these columns get these values instead, as PostgreSQL reads them; an empty value is NULL")
    private List<String> columns = new ArrayList<>();

    @Option(names = "--by", paramLabel = "NAME", description = "who decides (default: the user of this machine)")
    private String by = System.getProperty("user.name", "somebody");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        ConflictDesk.Choice choice = choice();
        ConflictDesk.Entry entry = ConflictText.with(target, desk -> desk.resolve(id, choice, by));
        PrintWriter out = spec.commandLine().getOut();
        ConflictText.print(entry, out);
        out.flush();
        return 0;
    }

    private ConflictDesk.Choice choice() {
        if ((winner == null) == columns.isEmpty()) {
            throw new StackException(USAGE);
        }
        if (winner != null) {
            return switch (winner) {
                case SERVER -> new ConflictDesk.Choice.Server();
                case CLIENT -> new ConflictDesk.Choice.Client();
                default -> throw new StackException(USAGE);
            };
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String column : columns) {
            int equals = column.indexOf('=');
            if (equals < 1) {
                throw new StackException("--set takes COLUMN=VALUE, not " + column + ".");
            }
            String value = column.substring(equals + 1);
            values.put(column.substring(0, equals), value.isEmpty() ? null : value);
        }
        return new ConflictDesk.Choice.Merged(new RowImage(values));
    }
}
