package dev.warung.intake;

import dev.warung.core.ops.OpsServer;
import dev.warung.core.runtime.Ending;
import dev.warung.intake.api.ConflictsApi;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.intake.rows.PostgresIntake;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Intake as a process: wiring only. Exit code 0 after a stop, 2 when it cannot start as it was set up. */
public final class IntakeMain {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeMain.class);

    private IntakeMain() {}

    public static void main(String[] arguments) {
        System.exit(Ending.run(ending -> serve(IntakeSettings.read(List.of(arguments), System.getenv()), ending)));
    }

    private static void serve(IntakeSettings settings, Ending ending) throws InterruptedException {
        LOG.info("Intake with {}", settings.printable());
        InstantSource clock = InstantSource.system();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        IntakeMetrics metrics = new IntakeMetrics(registry, clock);
        Intake intake = new Intake(
                settings.intake(), new PostgresIntake(settings.rows(), settings.role(), clock), metrics, clock);
        StatusView view = new StatusView(metrics, clock);
        ending.onRequest(intake::stop);
        try (OpsServer ops =
                OpsServer.start(settings.http(), new OpsServer.Views(registry, view::live, view::ready, view::json))) {
            ops.handle(
                    ConflictsApi.ROOT,
                    new ConflictsApi(
                            settings.apiKey(),
                            () -> ConflictDesk.open(settings.rows().url())));
            LOG.info("Status at port {}", ops.port());
            intake.run();
        }
    }
}
