package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.bench.soak.Invariant;
import dev.warung.bench.soak.Soak;
import dev.warung.bench.soak.SoakOptions;
import dev.warung.bench.soak.SoakReport;
import dev.warung.bench.stage.BenchSetup;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short soak, and that a soak notices what it is there for. {@code -Dsoak.seed} and {@code -Dsoak.faults} make it another. */
@Timeout(1200)
final class SoakIT {
    private static final List<String> JVM =
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dwarung.log.level=INFO");

    @TempDir
    private Path directory = Path.of("unset");

    @Test
    void everyInvariantHoldsThroughAFewFaults() {
        int faults = Integer.getInteger("soak.faults", 4);

        SoakReport report = soak(Long.getLong("soak.seed", 33), faults, line -> {});

        assertThat(report.isComplete()).as(report.text()).isTrue();
        assertThat(report.json().at("/faults").asInt()).isGreaterThanOrEqualTo(faults);
        assertThat(report.evidence()).extracting(SoakReport.Evidence::invariant).containsExactly(Invariant.values());
        assertThat(report.text()).contains("replay: ./warung bench soak").doesNotContain("BROKEN");
        assertThat(directory.resolve("soak")).doesNotExist();
    }

    /** The first fault of this seed kills the replicator, which else keeps everybody from writing; it is down while a fault is told. */
    @Test
    void aRowThatIsChangedInTheBackupAloneIsFound() {
        SoakReport report = soak(33, 1, line -> {
            if (line.contains("fault 1: kill -9 of the replicator")) {
                changeBackup("UPDATE akun_a SET saldo = saldo + 1 WHERE id = 7");
            }
        });

        assertThat(report.isComplete()).as(report.text()).isFalse();
        assertThat(report.failure()).hasValueSatisfying(text -> assertThat(text).contains("I4"));
        assertThat(report.text()).contains("I4   BROKEN", "Everything is kept in");
    }

    private void changeBackup(String sql) {
        Path backup = directory.resolve("soak/replicator-disk/backup.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + backup);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 60000");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private SoakReport soak(long seed, int faults, Consumer<String> progress) {
        BenchSetup setup =
                new BenchSetup(directory.resolve("soak"), Path.of(System.getProperty("java.home")), JVM, JVM, JVM, JVM);
        return Soak.run(new SoakOptions(setup, seed, Duration.ofHours(1), faults), progress);
    }
}
