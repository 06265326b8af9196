package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.StackException;
import dev.warung.stack.pipeline.VerifyText;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares PostgreSQL and the backup exactly, at one commit position, while writes go on.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:identical", "1:different", "2:it could not be compared; the message says why"})
final class VerifyCommand implements Callable<Integer> {
    private static final int COULD_NOT = 2;

    @Mixin
    private Target target = new Target(System.getenv());

    @Option(names = "--table", paramLabel = "T", description = "only this one, as name or schema.name")
    private @Nullable String table;

    @Option(names = "--json", description = "the events as JSON, one a line")
    private boolean json;

    private int code = COULD_NOT;

    @Override
    public Integer call() {
        try {
            RoleClient replicator =
                    target.replicator().orElseThrow(() -> new StackException("Give --replicator-url as well."));
            replicator.verify(Optional.ofNullable(table), this::show);
        } catch (StackException | IOException e) {
            System.err.println("warung: could not verify: " + e.getMessage());
        }
        return code;
    }

    private void show(JsonNode event) {
        if (json) {
            System.out.println(event);
        } else {
            VerifyText.line(event).ifPresent(System.out::println);
        }
        if (event.path("event").asText().equals("summary")) {
            code = VerifyText.saysIdentical(event) ? 0 : 1;
        }
    }
}
