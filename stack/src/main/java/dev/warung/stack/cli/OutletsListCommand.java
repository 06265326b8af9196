package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.core.shape.Outlet;
import dev.warung.replicator.outlets.OutletLag;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletCopies;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warung outlets list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the outlets with what each holds, when it was last seen and how far it is behind.",
            "Lag comes from Kafka, so it is known while an outlet is offline too."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed", "1:PostgreSQL or Kafka did not answer", "2:wrong usage"})
final class OutletsListCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Marks an outlet of whose file a copy was found. */
    private static final String COPIED = " *";

    @Mixin
    private FleetTarget target = new FleetTarget();

    @Option(names = "--json", description = "as one JSON array")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final InstantSource clock;

    OutletsListCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Fleet fleet = target.database().transaction(Fleet::read);
        OutletCopies copies = target.database().transaction(OutletCopies::read);
        OutletLags lags = OutletLags.read(
                target, fleet.outlets().stream().map(Outlet::code).toList(), clock);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(tree(fleet, lags, copies).toPrettyString());
        } else {
            print(fleet, lags, copies, out);
        }
        out.flush();
        if (!lags.failure().isEmpty()) {
            spec.commandLine().getErr().println("warung: the lag is not known: " + lags.failure());
        }
        return lags.failure().isEmpty() ? 0 : 1;
    }

    private static void print(Fleet fleet, OutletLags lags, OutletCopies copies, PrintWriter out) {
        String line = "%-16s %-20s %-9s %6s  %-12s %10s %9s%n";
        out.printf(Locale.ROOT, line, "OUTLET", "NAME", "STATE", "SHAPES", "LAST SEEN", "ROWS BEHIND", "BEHIND");
        for (Outlet outlet : fleet.outlets()) {
            String code = outlet.code();
            out.printf(
                    Locale.ROOT,
                    line,
                    code,
                    outlet.name(),
                    (outlet.enabled() ? "enabled" : "disabled")
                            + (copies.of(code).isPresent() ? COPIED : ""),
                    lags.of(code).map(lag -> lag.feeds().size()).orElse(0) + "/"
                            + (outlet.enabled() ? fleet.instances(outlet).size() : 0),
                    lags.lastSeen(code),
                    lags.rows(code),
                    lags.behind(code));
        }
        fleet.outlets()
                .forEach(outlet -> fleet.problems(outlet)
                        .forEach(problem -> out.println("outlet " + outlet.code() + " cannot hold it: " + problem)));
        fleet.outlets()
                .forEach(outlet -> copies.of(outlet.code())
                        .ifPresent(found -> out.println(
                                COPIED.strip() + " outlet " + outlet.code() + ": copies of its file were found "
                                        + found.count() + " times in " + OutletCopies.DAYS + " days, the last at "
                                        + found.lastFoundAt() + " UTC")));
    }

    private static ArrayNode tree(Fleet fleet, OutletLags lags, OutletCopies copies) {
        ArrayNode all = JSON.createArrayNode();
        fleet.outlets().forEach(outlet -> all.add(tree(fleet, outlet, lags, copies)));
        return all;
    }

    /** One outlet, for programs. */
    static ObjectNode tree(Fleet fleet, Outlet outlet, OutletLags lags, OutletCopies copies) {
        ObjectNode one = JSON.createObjectNode();
        one.put("code", outlet.code())
                .put("id", outlet.id())
                .put("name", outlet.name())
                .put("enabled", outlet.enabled())
                .put("generation", outlet.generation());
        ObjectNode attributes = one.putObject("attributes");
        outlet.attributes().forEach(attributes::put);
        ArrayNode instances = one.putArray("instances");
        fleet.instances(outlet).forEach(instance -> instances.add(instance.toString()));
        ArrayNode problems = one.putArray("problems");
        fleet.problems(outlet).forEach(problem -> problems.add(problem.toString()));
        copies.of(outlet.code())
                .ifPresent(found -> one.put("copies", found.count()).put("lastCopyAt", found.lastFoundAt()));
        lags.of(outlet.code()).ifPresent(lag -> addLag(one, lag));
        return one;
    }

    private static void addLag(ObjectNode one, OutletLag lag) {
        one.put("behindRows", lag.rows()).put("behindMs", lag.behindMs()).put("applied", lag.applied());
        lag.lastSeenMs().ifPresent(at -> one.put("lastSeenMs", at));
        ArrayNode topics = one.putArray("topics");
        lag.feeds().forEach(feed -> topics.add(feed.topic()));
    }
}
