package dev.warung.stack.retail;

import dev.warung.core.runtime.Ending;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Settings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shops as a process, on a PostgreSQL that is there already. Exit code 0 after a stop or {@code --for}, 2 if they cannot open. */
public final class WorkloadMain {

    private static final Logger LOG = LoggerFactory.getLogger(WorkloadMain.class);
    private static final int REFUSED = 2;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    private WorkloadMain() {}

    public static void main(String[] arguments) {
        System.exit(Ending.run(STOP_PATIENCE, ending -> run(List.of(arguments), System.getenv(), ending)));
    }

    static int run(List<String> arguments, Map<String, String> environment, Ending ending) {
        try {
            Settings settings = Settings.read(WorkloadSettings.ALL, arguments, environment);
            String url = withLogin(settings.get(WorkloadSettings.POSTGRES_URL));
            openShops(url);
            Workload.Options options = new Workload.Options(
                    url,
                    settings.get(WorkloadSettings.RATE),
                    settings.get(WorkloadSettings.SHOPS),
                    settings.get(WorkloadSettings.SEED).longValue());
            try (Workload workload = new Workload(options)) {
                workload.start();
                report(workload, settings.get(WorkloadSettings.FOR), ending);
            }
            return 0;
        } catch (PipelineException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
        } catch (SQLException e) {
            System.err.println("The shops' tables could not be made or read: " + e.getMessage());
        }
        return REFUSED;
    }

    private static void openShops(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            LOG.info(
                    RetailSchema.createIfMissing(connection)
                            ? "The shop's tables were made"
                            : "The shop's tables are there already");
        }
    }

    private static void report(Workload workload, Optional<Duration> length, Ending ending) {
        long started = System.nanoTime();
        long end = length.map(Duration::toNanos).orElse(Long.MAX_VALUE);
        boolean asked = false;
        for (long left = end; left > 0 && !asked; left = end - (System.nanoTime() - started)) {
            asked = ending.awaitRequest(Math.min(
                    REPORT_INTERVAL.toMillis(),
                    Math.max(1, Duration.ofNanos(left).toMillis())));
            Workload.Counts counts = workload.counts();
            String failure = workload.lastFailure();
            LOG.info(
                    "{} transactions committed, {} rolled back, {} failed{}",
                    counts.committed(),
                    counts.rolledBack(),
                    counts.failed(),
                    failure == null ? "" : ", the last with " + failure);
        }
    }

    private static String withLogin(PostgresUrl url) {
        Map<String, String> parameters = new HashMap<>(url.parameters());
        parameters.put("user", url.user());
        parameters.put("password", url.password());
        return new PostgresUrl(url.host(), url.port(), url.database(), url.user(), url.password(), parameters).jdbc();
    }
}
