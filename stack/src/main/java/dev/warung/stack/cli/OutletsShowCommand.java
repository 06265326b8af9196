package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.shape.Outlet;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletCopies;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung outlets show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows all that is known of an outlet: attributes, shapes, topics, lag, copies of its file.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:there is no such outlet, or Kafka did not answer", "2:wrong usage"})
final class OutletsShowCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(paramLabel = "CODE")
    private String code = "";

    @Option(names = "--json", description = "as one JSON object")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final InstantSource clock;

    OutletsShowCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Fleet fleet = target.database().transaction(Fleet::read);
        Outlet outlet = fleet.outlet(code);
        OutletLags lags = OutletLags.read(target, List.of(code), clock);
        ObjectNode tree =
                OutletsListCommand.tree(fleet, outlet, lags, target.database().transaction(OutletCopies::read));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(tree.toPrettyString());
        } else {
            out.println("lastSeen                 " + lags.lastSeen(code));
            out.println("behind                   " + lags.behind(code));
            StatusText.lines(tree).forEach(out::println);
        }
        out.flush();
        if (!lags.failure().isEmpty()) {
            spec.commandLine().getErr().println("warung: the lag is not known: " + lags.failure());
        }
        return lags.failure().isEmpty() ? 0 : 1;
    }
}
