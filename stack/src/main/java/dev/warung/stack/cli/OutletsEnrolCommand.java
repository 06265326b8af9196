package dev.warung.stack.cli;

import dev.warung.core.shape.Outlet;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletRows;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung outlets enrol}. */
@Command(
        name = "enrol",
        mixinStandardHelpOptions = true,
        description = "Hands out the enrolment of an outlet again, as for a device that was replaced.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "1:there is no such outlet", "2:wrong usage"})
final class OutletsEnrolCommand implements Callable<Integer> {
    @Mixin
    private FleetTarget target = new FleetTarget();

    @Mixin
    private EnrolmentFile enrolment = new EnrolmentFile();

    @Parameters(paramLabel = "CODE")
    private String code = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Outlet outlet = target.database()
                .transaction(connection -> new OutletRows(connection).find(code))
                .orElseThrow(() -> Fleet.noOutlet(code));
        enrolment.write(target, outlet, spec.commandLine().getOut());
        return 0;
    }
}
