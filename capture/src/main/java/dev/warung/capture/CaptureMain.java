package dev.warung.capture;

import dev.warung.core.ops.OpsServer;
import dev.warung.core.runtime.Backoff;
import dev.warung.core.runtime.Ending;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Capture as a process: wiring only. Exit code 0 after a stop, 2 when a person must decide something first. */
public final class CaptureMain {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureMain.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    private CaptureMain() {}

    public static void main(String[] arguments) {
        // The driver tells PostgreSQL the JVM's zone, above every other setting: timestamps must print in UTC.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        System.exit(Ending.run(ending -> serve(CaptureSettings.read(List.of(arguments), System.getenv()), ending)));
    }

    private static void serve(CaptureSettings settings, Ending ending) throws InterruptedException {
        LOG.info("Capture with {}", settings.printable());
        InstantSource clock = InstantSource.system();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CaptureStatus status = new CaptureStatus(clock, settings.get(CaptureSettings.MARKER_AGE_MAX));
        CaptureLife.Setup life = settings.life();
        Source source = PostgresSource.of(settings);
        try (CaptureMetrics metrics = new CaptureMetrics(registry, status)) {
            CaptureSupervisor supervisor = new CaptureSupervisor(
                    () -> new CaptureLife(life, source, status, metrics, clock),
                    source,
                    status,
                    metrics,
                    new CaptureSupervisor.Policy(
                            settings.get(CaptureSettings.STANDBY),
                            settings.get(CaptureSettings.EXIT_ON_REFUSAL),
                            new Backoff(FIRST_RETRY, settings.get(CaptureSettings.RETRY_MAX), new Random())));
            ending.onRequest(supervisor::stop);
            try (OpsServer ops = OpsServer.start(
                    settings.get(CaptureSettings.HTTP),
                    new OpsServer.Views(registry, status::live, status::ready, status::json))) {
                LOG.info("Status at port {}", ops.port());
                supervisor.run();
            }
        }
    }
}
