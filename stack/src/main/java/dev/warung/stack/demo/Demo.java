package dev.warung.stack.demo;

import dev.warung.core.runtime.Ending;
import dev.warung.stack.pipeline.Roles;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.pipeline.StackException;
import dev.warung.stack.pipeline.VerifyText;
import dev.warung.stack.retail.RetailSchema;
import dev.warung.stack.retail.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Servers, roles and shops, shown live; at the end both sides are drained and compared. */
public final class Demo {
    private static final int SHOPS = 4;
    private static final long TICK_MS = 1_000;
    private static final Duration DRAIN_STEP = Duration.ofSeconds(2);
    private static final Duration OUTLETS_LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(3);
    private static final double OUTLETS_EVERY_SECONDS = 5;
    private static final Duration STANDSTILL_LIMIT = Duration.ofMinutes(2);

    private final DemoOptions options;
    private final DemoView view;
    private final Ending ending;

    private Demo(DemoOptions options, DemoView view, Ending ending) {
        this.options = options;
        this.view = view;
        this.ending = ending;
    }

    /** Returns 0 only if both sides are identical in the end. */
    public static int run(DemoOptions options, PrintStream out, Ending ending) {
        DemoView view = options.json()
                ? new JsonView(out, System.err)
                : Boolean.getBoolean("warung.terminal") ? new BlockView(out) : new LineView(out);
        return new Demo(options, view, ending).run();
    }

    private int run() {
        view.note("Data directory " + options.stack().directory());
        try (Stack stack = Stack.startServers(options.stack(), view::note);
                Connection connection = stack.servers().connect()) {
            view.note(
                    RetailSchema.createIfMissing(connection)
                            ? "The shop's database was created"
                            : "The shop's database is continued");
            Roles roles = stack.startRoles();
            view.note("capture answers at " + roles.capture().url() + ", replicator at "
                    + roles.replicator().url());
            try (DemoOutlets outlets = DemoOutlets.start(stack, options, connection)) {
                outlets.openTills(view::note);
                return work(stack, roles, connection, outlets);
            }
        } catch (SQLException e) {
            throw new StackException("PostgreSQL: " + e.getMessage(), e);
        }
    }

    private int work(Stack stack, Roles roles, Connection connection, DemoOutlets outlets) throws SQLException {
        try (Workload workload = new Workload(new Workload.Options(
                        stack.servers().embeddedJdbcUrl(), options.rate(), SHOPS, options.seed()));
                Sampler sampler = new Sampler(stack, roles, workload)) {
            workload.start();
            showUntilTheEnd(sampler, stack, outlets);
            view.note("Closing the shops");
            workload.stop();
            outlets.settle(stack.servers().postgres(), SETTLE_LIMIT, view::note);
            int backup = drainAndVerify(stack, roles, connection, sampler);
            return Math.max(backup, compare(outlets, connection, stack));
        }
    }

    /** The outlets' files with PostgreSQL. */
    private int compare(DemoOutlets outlets, Connection connection, Stack stack) throws SQLException {
        if (outlets.count() == 0) {
            return 0;
        }
        List<String> differences = outlets.differences(connection, stack.backup(), OUTLETS_LIMIT);
        differences.forEach(view::note);
        view.note(
                differences.isEmpty()
                        ? "Each of the " + outlets.count()
                                + " outlets holds exactly what its shapes select in PostgreSQL"
                        : "The outlets do NOT hold what their shapes select; the differences stand above");
        OutletReport report = outlets.report(connection);
        view.outlets(report);
        return differences.isEmpty() && report.isGood() ? 0 : 1;
    }

    private void showUntilTheEnd(Sampler sampler, Stack stack, DemoOutlets outlets) {
        long end = options.length().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        long started = System.nanoTime();
        Sample before = sampler.sample();
        long tick = started;
        double outletsTold = 0;
        while (System.nanoTime() - started < end) {
            tick += TimeUnit.MILLISECONDS.toNanos(TICK_MS);
            if (ending.awaitRequest(TimeUnit.NANOSECONDS.toMillis(tick - System.nanoTime()))) {
                return;
            }
            Sample now = sampler.sample();
            view.sample(now, before);
            before = now;
            if (System.nanoTime() - started < end) {
                outlets.takeTurns(now.seconds(), view::note);
            }
            outletsTold = tellOfOutlets(outlets, outletsTold, now);
            stack.failure().or(outlets::failure).ifPresent(failure -> {
                throw new StackException(failure);
            });
        }
    }

    /** Every few seconds: asking many processes takes time. */
    private double tellOfOutlets(DemoOutlets outlets, double toldAt, Sample now) {
        if (outlets.count() == 0 || now.seconds() - toldAt < OUTLETS_EVERY_SECONDS) {
            return toldAt;
        }
        view.note("       outlets: " + outlets.text());
        return now.seconds();
    }

    /** Waits as long as something moves. */
    private boolean awaitDrained(Drain drain, Stack stack, Roles roles, Sampler sampler) {
        Sample before = sampler.sample();
        String seen = "";
        long moved = System.nanoTime();
        while (!drain.await(roles.replicator(), DRAIN_STEP, stack::failure)) {
            Sample now = sampler.sample();
            view.sample(now, before);
            before = now;
            String position = now.capture().text("position").orElse("")
                    + now.capture().text("copiedRows").orElse("")
                    + now.replicator().text("position").orElse("")
                    + now.replicator().text("progress").orElse("");
            if (!position.equals(seen)) {
                seen = position;
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STANDSTILL_LIMIT.toNanos()) {
                return false;
            }
        }
        return true;
    }

    private int drainAndVerify(Stack stack, Roles roles, Connection connection, Sampler sampler) throws SQLException {
        Drain drain = Drain.ofEverythingCommittedIn(connection);
        if (!awaitDrained(drain, stack, roles, sampler)) {
            view.result(
                    false,
                    sampler.last(),
                    "The backup did not catch up: nothing has moved for " + STANDSTILL_LIMIT.toMinutes()
                            + " min. Look into " + stack.directory().resolve("capture.log") + " and replicator.log.");
            return 1;
        }
        view.note("Everything has arrived, comparing");
        AtomicBoolean identical = new AtomicBoolean();
        try {
            roles.replicator().verify(Optional.empty(), event -> {
                view.verification(event);
                identical.compareAndSet(false, VerifyText.saysIdentical(event));
            });
        } catch (IOException e) {
            throw new StackException("The comparison was not possible: " + e.getMessage(), e);
        }
        view.result(
                identical.get(),
                sampler.last(),
                identical.get()
                        ? "identical   (the backup is " + stack.backup() + ")"
                        : "NOT identical; the differences stand above, the data in " + stack.directory());
        return identical.get() ? 0 : 1;
    }
}
