package dev.warung.stack.cli;

import dev.warung.core.shape.InstanceId;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.ShapeException;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletRows;
import dev.warung.stack.pipeline.StackException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung outlets add}. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = "Adds an outlet and hands out its enrolment, which 'warung outlet --enrol' takes.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:added, or there already with --if-missing",
            "1:refused; the message says why",
            "2:wrong usage"
        })
final class OutletsAddCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Mixin
    private EnrolmentFile enrolment = new EnrolmentFile();

    @Parameters(
            paramLabel = "CODE",
            description = "names it in topics and groups, for ever: 1 to 60 letters, digits or '-'")
    private String code = "";

    @Option(names = "--name", paramLabel = "TEXT", description = "for people (default the code)")
    private @Nullable String name;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "an attribute; it gets each shape whose parameters it all has")
    private Map<String, String> pairs = new LinkedHashMap<>();

    @Option(names = "--attributes", paramLabel = "JSON", description = "attributes as one object")
    private @Nullable String attributes;

    @Option(
            names = "--if-missing",
            description =
                    "an outlet of this code that is there already stays as it is, and its enrolment is handed out again")
    private boolean isKept;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!Outlet.isCode(code)) {
            throw new StackException(
                    "The code is '" + code + "', but must be 1 to 60 letters, digits or '-', and not begin with '-'.");
        }
        String json = Attributes.json(pairs, attributes);
        // Known before the row is written: an outlet without its enrolment would be of no use.
        target.brokers();
        Added added = target.database().transaction(connection -> add(connection, json));
        PrintWriter err = spec.commandLine().getErr();
        err.println("outlet " + code + " "
                + (added.isNew()
                        ? "is added; it holds " + held(added.instances())
                        : "is there already, and stays as it is"));
        err.flush();
        enrolment.write(target, added.outlet(), spec.commandLine().getOut());
        return 0;
    }

    private static String held(List<InstanceId> instances) {
        return instances.isEmpty() ? "no shape yet" : instances.toString();
    }

    private record Added(Outlet outlet, boolean isNew, List<InstanceId> instances) {}

    private Added add(Connection connection, String json) throws SQLException {
        OutletRows rows = new OutletRows(connection);
        Optional<Outlet> added = rows.add(code, name == null ? code : name, json);
        Optional<Outlet> found = added.isEmpty() && isKept ? rows.find(code) : added;
        Outlet outlet = found.orElseThrow(() -> new StackException("There is an outlet " + code
                + " already. 'warung outlets" + " enrol " + code + "' hands out its enrolment again."));
        if (added.isEmpty()) {
            return new Added(outlet, false, List.of());
        }
        Fleet fleet = Fleet.read(connection);
        if (!fleet.problems(outlet).isEmpty()) {
            throw new StackException("Its attributes do not fit: "
                    + new ShapeException(fleet.problems(outlet)).getMessage() + ". Nothing was added.");
        }
        return new Added(outlet, true, fleet.instances(outlet));
    }
}
