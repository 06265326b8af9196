package dev.warung.stack.retail;

import dev.warung.core.runtime.Ending;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Setting;
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

    public static final Setting<PostgresUrl> POSTGRES_URL = new Setting<>(
            "postgres-url",
            null,
            "postgresql://user:password@host:port/database",
            "the database of the shops; their tables are made if they are missing",
            true,
            PostgresUrl::parse);
    public static final Setting<Integer> RATE =
            Setting.number("rate", "50", "transactions a second, all shops together");
    public static final Setting<Integer> SHOPS = Setting.number("shops", "4", "shops, each with its own connection");
    public static final Setting<Integer> SEED = Setting.number("seed", "1", "of the shops' choices");
    public static final Setting<Optional<Duration>> FOR = new Setting<>(
            "for",
            "",
            "duration, such as 250ms, 5s, 2m, 12h, 7d",
            "how long the shops work; without it until they are stopped",
            false,
            text -> text.isEmpty() ? Optional.empty() : Optional.of(Setting.parseDuration(text)));

    public static final List<Setting<?>> ALL = List.of(POSTGRES_URL, RATE, SHOPS, SEED, FOR);

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
            Settings settings = Settings.read(ALL, arguments, environment);
            String url = withLogin(settings.get(POSTGRES_URL));
            openShops(url);
            Workload.Options options = new Workload.Options(
                    url, settings.get(RATE), settings.get(SHOPS), settings.get(SEED).longValue());
            try (Workload workload = new Workload(options)) {
                workload.start();
                report(workload, settings.get(FOR), ending);
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
                    REPORT_INTERVAL.toMillis(), Math.max(1, Duration.ofNanos(left).toMillis())));
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
