package dev.warung.stack.cli;

import dev.warung.core.shape.Outlet;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletRows;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warung outlets}; the commands that change one row of an outlet are methods of this class. */
@Command(
        name = "outlets",
        mixinStandardHelpOptions = true,
        description =
                "The outlets: adds them, lists them with their lag, switches them off and on, lets them sync anew.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {OutletsAddCommand.class, OutletsSetCommand.class, OutletsEnrolCommand.class},
        footer = {"", "docs/outlets.md describes the life of an outlet."})
final class OutletsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** With the commands that need to know the time. */
    static CommandLine line(InstantSource clock) {
        return new CommandLine(new OutletsCommand())
                .addSubcommand(new OutletsListCommand(clock))
                .addSubcommand(new OutletsShowCommand(clock));
    }

    /** A change of one row; empty if there is none. */
    private interface Change {
        Optional<Outlet> of(OutletRows rows, String code) throws SQLException;
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description =
                    "An outlet loses its rows as soon as it hears of this, and gets nothing until it is enabled again.")
    int disable(@Mixin FleetTarget target, @Parameters(paramLabel = "CODE") String code) {
        return change(
                target,
                code,
                OutletRows::disable,
                outlet -> "outlet " + outlet.code() + " is disabled: it loses its rows as soon as it hears of this");
    }

    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "An outlet that was disabled fetches its shapes again.")
    int enable(@Mixin FleetTarget target, @Parameters(paramLabel = "CODE") String code) {
        return change(target, code, OutletRows::enable, outlet -> "outlet " + outlet.code() + " is enabled");
    }

    @Command(
            name = "resync",
            mixinStandardHelpOptions = true,
            description = "An outlet fetches everything anew, as soon as it is online; its readers go on meanwhile.")
    int resync(@Mixin FleetTarget target, @Parameters(paramLabel = "CODE") String code) {
        return change(
                target,
                code,
                OutletRows::resync,
                outlet -> "outlet " + outlet.code() + " fetches everything anew (generation " + outlet.generation()
                        + ")");
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "An outlet is forgotten: its topics go after a grace period, and its enrolment is void.")
    int remove(@Mixin FleetTarget target, @Parameters(paramLabel = "CODE") String code) {
        return change(target, code, OutletRows::remove, outlet -> "outlet " + outlet.code() + " is removed");
    }

    private int change(FleetTarget target, String code, Change change, Function<Outlet, String> done) {
        Outlet outlet = target.database()
                .transaction(connection -> change.of(new OutletRows(connection), code))
                .orElseThrow(() -> Fleet.noOutlet(code));
        spec.commandLine().getOut().println(done.apply(outlet));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
