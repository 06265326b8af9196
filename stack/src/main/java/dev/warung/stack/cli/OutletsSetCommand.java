package dev.warung.stack.cli;

import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.ShapeException;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletRows;
import dev.warung.stack.pipeline.StackException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung outlets set}. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        description = "Changes attributes of an outlet: its rows follow, some go and others come.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:changed", "1:refused; the message says why", "2:wrong usage"})
final class OutletsSetCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Parameters(index = "0", paramLabel = "CODE")
    private String code = "";

    @Parameters(
            index = "1",
            arity = "1..*",
            paramLabel = "NAME=VALUE",
            description = "an attribute; an empty value takes it away")
    private Map<String, String> pairs = new LinkedHashMap<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        String json = Attributes.json(pairs, null);
        String held = target.database().transaction(connection -> change(connection, json));
        PrintWriter out = spec.commandLine().getOut();
        out.println("outlet " + code + " holds " + held);
        out.flush();
        return 0;
    }

    private String change(Connection connection, String json) throws SQLException {
        Outlet outlet = new OutletRows(connection).change(code, json).orElseThrow(() -> Fleet.noOutlet(code));
        Fleet fleet = Fleet.read(connection);
        if (!fleet.problems(outlet).isEmpty()) {
            throw new StackException("Its attributes would not fit: "
                    + new ShapeException(fleet.problems(outlet)).getMessage() + ". Nothing was changed.");
        }
        return fleet.instances(outlet).isEmpty()
                ? "no shape"
                : fleet.instances(outlet).toString();
    }
}
