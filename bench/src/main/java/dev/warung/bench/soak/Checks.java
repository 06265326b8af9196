package dev.warung.bench.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.warung.testkit.check.BankReader;
import dev.warung.testkit.check.LogAudit;
import dev.warung.testkit.load.BankLoad;
import dev.warung.testkit.pipeline.RoleProcess;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Shows after each group of faults that the invariants hold. Thread: one. */
final class Checks {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What a JVM needs beside its heap: metaspace, compiled code, threads, buffers of Kafka's client, SQLite's cache. */
    private static final long BESIDE_HEAP = 512L << 20;

    private final SoakPipeline pipeline;
    private final BankLoad load;
    private final BankReader reader;
    private final Watch watch;
    private final LogAudit audit;
    private long drains;
    private long verifications;
    private long rowsVerified;
    private long confirmedFound;
    private long rolledBackMissing;

    Checks(SoakPipeline pipeline, BankLoad load, BankReader reader, Watch watch) {
        this.pipeline = pipeline;
        this.load = load;
        this.reader = reader;
        this.watch = watch;
        this.audit = pipeline.processes().audit();
    }

    /**
     * Waits until everything that is committed now is in the backup, then checks what is cheap to check.
     *
     * @return how long that took
     */
    String afterFaults() throws SQLException {
        List<Long> confirmed = load.takeConfirmed();
        List<Long> rolledBack = load.takeRolledBack();
        long start = System.nanoTime();
        drain(pipeline);
        drains++;
        long drained = System.nanoTime();
        ledger(confirmed, rolledBack);
        List<String> found = audit.problems();
        require(found.stream().anyMatch(problem -> problem.startsWith("I5")) ? Invariant.I5 : Invariant.I2, found);
        require(Invariant.I3, watch.problems());
        require(Invariant.I4, reader.problems());
        return "drained in " + seconds(drained - start) + ", checked in " + seconds(System.nanoTime() - drained);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /** Waits for a row that is committed now; then everything before it is there too. */
    static void drain(SoakPipeline pipeline) {
        OptionalLong[] marker = {OptionalLong.empty()};
        boolean arrived = Soak.holdsWithin(PATIENCE, () -> {
            requireAlive(pipeline.capture());
            requireAlive(pipeline.replicator());
            if (marker[0].isEmpty()) {
                marker[0] = insertMarker(pipeline);
            }
            return marker[0].isPresent() && pipeline.processes().hasMarker(marker[0].getAsLong());
        });
        if (!arrived) {
            throw new BrokenException(
                    Invariant.I2,
                    (marker[0].isEmpty() ? "no row could be written" : "a row did not arrive in the backup")
                            + " within " + PATIENCE.toSeconds() + " s");
        }
    }

    private static OptionalLong insertMarker(SoakPipeline pipeline) {
        try {
            return OptionalLong.of(pipeline.processes().insertMarker());
        } catch (SQLException serverIsNotBackYet) {
            return OptionalLong.empty();
        }
    }

    private static void requireAlive(RoleProcess role) {
        if (!role.isAlive()) {
            throw new BrokenException(
                    Invariant.I12,
                    role.name() + " has ended by itself, with exit code "
                            + role.process().exitCode().orElse(-1));
        }
    }

    /** I2: each confirmed ledger row is there, none that was rolled back is. */
    private void ledger(List<Long> confirmed, List<Long> rolledBack) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + pipeline.processes().backup());
                PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM ledger WHERE id = ?")) {
            for (long id : confirmed) {
                if (!isThere(statement, id)) {
                    throw new BrokenException(
                            Invariant.I2, "ledger row " + id + " was committed, and is not in the backup");
                }
                confirmedFound++;
            }
            for (long id : rolledBack) {
                if (isThere(statement, id)) {
                    throw new BrokenException(
                            Invariant.I2, "ledger row " + id + " was rolled back, and is in the backup");
                }
                rolledBackMissing++;
            }
        }
    }

    private static boolean isThere(PreparedStatement statement, long id) throws SQLException {
        statement.setLong(1, id);
        try (ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    private static void require(Invariant invariant, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new BrokenException(invariant, String.join("\n", problems.subList(0, Math.min(10, problems.size()))));
        }
    }

    /**
     * I1: compares every captured table with PostgreSQL at one commit position, while writes go on.
     *
     * @return what was compared, and how long that took
     */
    String verify() {
        long start = System.nanoTime();
        JsonNode[] last = {MissingNode.getInstance()};
        boolean identical = Soak.holdsWithin(PATIENCE, () -> {
            last[0] = tryToVerify();
            for (JsonNode problem : last[0].at("/report/problems")) {
                if (problem.at("/verdict").asText().equals("DIFFERENT")) {
                    throw new BrokenException(Invariant.I1, problem.toPrettyString());
                }
            }
            return last[0].at("/report/identical").asBoolean(false);
        });
        if (!identical) {
            throw new BrokenException(
                    Invariant.I1, "not verified within " + PATIENCE.toSeconds() + " s: " + last[0].toPrettyString());
        }
        verifications++;
        long rows = last[0].at("/report/rows").asLong();
        rowsVerified += rows;
        return rows + " rows verified in " + seconds(System.nanoTime() - start);
    }

    /** A table that is being rebuilt or keeps changing cannot be verified now, nor can a replicator that has just begun. */
    private JsonNode tryToVerify() {
        try {
            return pipeline.processes().verify(PATIENCE);
        } catch (UncheckedIOException notNow) {
            return MissingNode.getInstance();
        }
    }

    /** One line for each invariant. */
    List<SoakReport.Evidence> evidence(FaultInjector injector, SoakOptions options) {
        long capture = watch.peakRss(Part.CAPTURE);
        long replicator = watch.peakRss(Part.REPLICATOR);
        boolean isBounded = capture <= limit(options.setup().captureJvm())
                && replicator <= limit(options.setup().replicatorJvm());
        return List.of(
                line(
                        Invariant.I1,
                        verifications + " verifications under load, each identical; " + rowsVerified
                                + " rows compared"),
                line(
                        Invariant.I2,
                        audit.commits() + " commit records form one chain, " + audit.transactions()
                                + " transactions end once each; " + confirmedFound
                                + " ledger rows whose commit was confirmed are in"
                                + " the backup, " + rolledBackMissing + " that were rolled back are not; " + drains
                                + " drains, each complete"),
                line(Invariant.I3, watch.slotSamples() + " samples, the slot never ahead of the log"),
                line(Invariant.I4, reader.samples() + " reads of the bank's total by an independent reader, all equal"),
                line(Invariant.I5, audit.records() + " records of table topics, ids only grow in each topic"),
                new SoakReport.Evidence(
                        Invariant.I9,
                        isBounded,
                        "resident at the most: capture " + mib(capture) + " MiB, replicator " + mib(replicator)
                                + " MiB; WAL held back by the slot at the most " + mib(watch.retainedWalMax())
                                + " MiB"),
                new SoakReport.Evidence(
                        Invariant.I10,
                        injector.fenced() == injector.takeovers(),
                        injector.takeovers() + " takeovers by a standby, " + injector.fenced()
                                + " old captures fenced when they woke up"),
                line(
                        Invariant.I12,
                        injector.fullDisksNamed()
                                + " full disks named by the replicator within 60 s; no role ended by itself"));
    }

    private static SoakReport.Evidence line(Invariant invariant, String text) {
        return new SoakReport.Evidence(invariant, true, text);
    }

    private static long limit(List<String> jvm) {
        return jvm.stream()
                .filter(option -> option.startsWith("-Xmx") && option.endsWith("m"))
                .mapToLong(option -> (Long.parseLong(option.substring(4, option.length() - 1)) << 20) + BESIDE_HEAP)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static long mib(long bytes) {
        return bytes >> 20;
    }
}
