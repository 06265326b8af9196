package dev.warung.stack.demo;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.shape.Outlet;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.stack.fleet.Fleet;
import dev.warung.stack.fleet.OutletRows;
import dev.warung.stack.fleet.ShapesApplier;
import dev.warung.stack.fleet.ShapesPlan;
import dev.warung.stack.pipeline.Stack;
import dev.warung.stack.pipeline.StackException;
import dev.warung.stack.retail.RetailSchema;
import dev.warung.stack.retail.Till;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The demo's outlets: the company's shapes, and for each of the first shops a process with a small SQLite file and a till. The first two go
 * offline in turns while their tills go on.
 *
 * <p>Thread: the demo's.
 */
final class DemoOutlets implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final long STEP_MS = 250;
    private static final double TILL_RATE = 2;
    private static final double TURN_SECONDS = 6;
    private static final Duration DECISION_LIMIT = Duration.ofSeconds(20);
    private static final int OPEN_MAX = 1_000;

    private final Path directory;
    private final Turns turns;
    private final List<DemoOutlet> outlets = new ArrayList<>();
    private OptionalInt away = OptionalInt.empty();

    private DemoOutlets(Path directory, int count) {
        this.directory = directory;
        this.turns = new Turns(count, TURN_SECONDS);
    }

    /** Requires that capture was started: it makes the tables in which shapes and outlets stand, and takes in the company's. */
    static DemoOutlets start(Stack stack, DemoOptions options, Connection connection) throws SQLException {
        DemoOutlets started = new DemoOutlets(stack.directory().resolve("outlets"), options.outlets());
        if (options.outlets() > 0) {
            apply(connection);
            // Uploads that meet locked rows are tried again soon: nobody watches a demo for minutes.
            stack.startIntake("--try-first", "500ms");
            try {
                Files.createDirectories(started.directory);
                long seed = options.seed();
                for (Outlet outlet : add(connection, options.outlets())) {
                    seed++;
                    Enrolment enrolment = new Enrolment(
                            stack.servers().kafka(),
                            options.stack().prefix(),
                            UUID.fromString(outlet.id()),
                            outlet.code(),
                            Map.of());
                    started.outlets.add(DemoOutlet.start(enrolment, started.directory, TILL_RATE, seed));
                }
            } catch (IOException e) {
                started.close();
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private static void apply(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        ShapesPlan plan =
                new ShapesApplier(RetailSchema.shapes(), ShapesPlan.Absent.STAY).apply(connection, START_LIMIT);
        connection.commit();
        connection.setAutoCommit(true);
        if (!plan.problems().isEmpty()) {
            throw new StackException("The demo's shapes cannot be applied: " + plan.problems());
        }
    }

    private static List<Outlet> add(Connection connection, int count) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from outlet order by id limit " + count)) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        OutletRows table = new OutletRows(connection);
        for (int i = 0; i < ids.size(); i++) {
            table.add("toko-" + (i + 1), "Toko " + (i + 1), "{\"outlet_id\": " + ids.get(i) + "}");
        }
        List<Outlet> added = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            table.find("toko-" + (i + 1)).ifPresent(added::add);
        }
        return added;
    }

    /** How many there are. */
    int count() {
        return outlets.size();
    }

    Path directory() {
        return directory;
    }

    /** When every file is complete, the tills open. */
    void openTills(Consumer<String> progress) {
        if (outlets.isEmpty()) {
            return;
        }
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (!outlets.stream().allMatch(DemoOutlets::isComplete)) {
            failure().ifPresent(text -> {
                throw new StackException(text);
            });
            if (System.nanoTime() > until) {
                throw new StackException("The outlets have not got their rows within " + START_LIMIT.toMinutes()
                        + " min. Look into their logs in " + directory + ", and into replicator.log beside it.");
            }
            pause();
        }
        outlets.forEach(outlet -> outlet.till().start());
        progress.accept(outlets.size() + " outlets keep their files in " + directory + "; their tills are open");
    }

    private static boolean isComplete(DemoOutlet outlet) {
        return outlet.view().text("complete").orElse("").equals("true");
    }

    /** Sends outlets away and fetches them back. */
    void takeTurns(double seconds, Consumer<String> progress) {
        OptionalInt next = turns.away(seconds);
        if (next.equals(away)) {
            return;
        }
        away.ifPresent(index -> comeBack(outlets.get(index), progress));
        next.ifPresent(index -> {
            outlets.get(index).leave();
            outlets.get(index).till().disagree();
            outlets.get((index + 1) % outlets.size()).till().disagree();
            progress.accept("       " + outlets.get(index).code() + " is offline now; its till goes on");
        });
        away = next;
    }

    private static void comeBack(DemoOutlet outlet, Consumer<String> progress) {
        progress.accept("       " + outlet.code() + " comes back" + waiting(outlet));
        outlet.comeBack();
    }

    private static String waiting(DemoOutlet outlet) {
        try {
            return " with " + outlet.waiting() + " writes that wait";
        } catch (SQLException e) {
            return "";
        }
    }

    /** One line for people; empty without outlets. */
    String text() {
        int complete = 0;
        long lagMs = 0;
        long waiting = 0;
        for (DemoOutlet outlet : outlets) {
            RoleView view = outlet.view();
            complete += view.text("complete").orElse("").equals("true") ? 1 : 0;
            lagMs = Math.max(lagMs, view.number("lagMs").orElse(0));
            waiting += view.number("writes.pending").orElse(0)
                    + view.number("writes.uploaded").orElse(0);
        }
        long transactions =
                outlets.stream().mapToLong(outlet -> outlet.till().committed()).sum();
        return complete + " of " + outlets.size() + " complete, " + lagMs + " ms behind at most; tills " + transactions
                + " transactions, " + waiting + " writes without an answer";
    }

    /** The first outlet whose process has ended, with the end of its log. */
    Optional<String> failure() {
        return outlets.stream().flatMap(outlet -> outlet.failure().stream()).findFirst();
    }

    /** Closes the tills, fetches everybody back, waits until each write has its answer, and has every conflict decided. */
    void settle(PostgresUrl postgres, Duration limit, Consumer<String> progress) throws SQLException {
        if (outlets.isEmpty()) {
            return;
        }
        outlets.forEach(outlet -> outlet.till().stop());
        takeTurns(0, progress);
        long until = System.nanoTime() + limit.toNanos();
        awaitAnswers(until);
        decide(postgres, progress);
        awaitAnswers(until);
    }

    private void awaitAnswers(long until) throws SQLException {
        while (waiting() > 0 && System.nanoTime() < until && failure().isEmpty()) {
            pause();
        }
    }

    private long waiting() throws SQLException {
        long waiting = 0;
        for (DemoOutlet outlet : outlets) {
            waiting += outlet.waiting();
        }
        return waiting;
    }

    /** The outlet decides one, the head office the next. */
    private void decide(PostgresUrl postgres, Consumer<String> progress) {
        int atOutlets = 0;
        int atHeadOffice = 0;
        try (ConflictDesk desk = ConflictDesk.open(postgres)) {
            for (ConflictDesk.Entry conflict : desk.list(ConflictDesk.Filter.of(Optional.empty(), false, OPEN_MAX))) {
                if (atOutlets <= atHeadOffice && isDecidedAtItsOutlet(conflict)) {
                    atOutlets++;
                } else {
                    desk.resolve(conflict.id(), new ConflictDesk.Choice.Server(), "kantor pusat");
                    atHeadOffice++;
                }
            }
        }
        if (atOutlets + atHeadOffice > 0) {
            progress.accept(
                    "Conflicts were decided: " + atOutlets + " at the outlet, " + atHeadOffice + " by the head office");
        }
    }

    /** It may not have heard of the conflict yet. */
    private boolean isDecidedAtItsOutlet(ConflictDesk.Entry conflict) {
        Optional<DemoOutlet> outlet = outlets.stream()
                .filter(candidate -> candidate.code().equals(conflict.code()))
                .findFirst();
        long until = System.nanoTime() + DECISION_LIMIT.toNanos();
        while (outlet.isPresent() && System.nanoTime() < until) {
            if (outlet.get().decide(conflict.id())) {
                return true;
            }
            pause();
        }
        return false;
    }

    /** What has become of everything that the tills wrote. */
    OutletReport report(Connection connection) throws SQLException {
        Map<String, Map<String, Long>> ledger = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "select outlet_code, status, count(*) from warung.ledger group by 1, 2 union all"
                                + " select outlet_code, 'decided', count(*) from warung.conflicts where resolved_by <> 'policy' group by 1");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                ledger.computeIfAbsent(row.getString(1), code -> new HashMap<>())
                        .put(row.getString(2), row.getLong(3));
            }
        }
        List<OutletReport.Line> lines = new ArrayList<>();
        List<Till.Sale> sales = new ArrayList<>();
        for (DemoOutlet outlet : outlets) {
            lines.add(line(outlet, ledger.getOrDefault(outlet.code(), Map.of())));
            sales.addAll(outlet.till().sales());
        }
        return new OutletReport(lines, sales.size(), new SalesCheck(connection).differences(sales));
    }

    private static OutletReport.Line line(DemoOutlet outlet, Map<String, Long> ledger) throws SQLException {
        long pending = outlet.waiting();
        long decided = ledger.getOrDefault("decided", 0L);
        long answered = ledger.values().stream().mapToLong(Long::longValue).sum() - decided;
        return new OutletReport.Line(
                outlet.code(),
                answered + pending,
                ledger.getOrDefault("applied", 0L),
                ledger.getOrDefault("merged", 0L),
                ledger.getOrDefault("superseded", 0L),
                ledger.getOrDefault("failed", 0L),
                pending,
                ledger.getOrDefault("conflict", 0L) + decided);
    }

    /**
     * Compares each outlet's file with its shapes until they are equal or the time is over.
     *
     * @return a line for each difference that stays
     */
    List<String> differences(Connection connection, Path backup, Duration limit) throws SQLException {
        long until = System.nanoTime() + limit.toNanos();
        List<String> found = compare(connection, backup);
        while (!found.isEmpty() && System.nanoTime() < until && failure().isEmpty()) {
            pause();
            found = compare(connection, backup);
        }
        return found;
    }

    private List<String> compare(Connection connection, Path backup) throws SQLException {
        Fleet fleet = Fleet.read(connection);
        List<String> found = new ArrayList<>();
        for (DemoOutlet outlet : outlets) {
            OutletCheck check = new OutletCheck(connection, backup, outlet.file());
            found.addAll(check.differences(fleet, fleet.outlet(outlet.code())));
        }
        return found;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(STEP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while waiting for the outlets.");
        }
    }

    @Override
    public void close() {
        outlets.forEach(outlet -> outlet.till().stop());
        outlets.forEach(DemoOutlet::close);
    }
}
