package dev.warung.outlet;

import dev.warung.core.ops.OpsServer;
import dev.warung.core.runtime.Ending;
import dev.warung.outlet.link.Outlet;
import dev.warung.outlet.link.OutletConnection;
import dev.warung.outlet.link.OutletMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outlet as a process: wiring only. Exit code 0 after a stop, 2 when it cannot start as it was set up. */
public final class OutletMain {

    private static final Logger LOG = LoggerFactory.getLogger(OutletMain.class);

    private OutletMain() {}

    public static void main(String[] arguments) {
        System.exit(Ending.run(ending -> serve(OutletSettings.read(List.of(arguments), System.getenv()), ending)));
    }

    private static void serve(OutletSettings settings, Ending ending) throws InterruptedException {
        LOG.info("{} with {}", settings.enrolment(), settings.printable());
        InstantSource clock = InstantSource.system();
        Map<String, Object> kafka = settings.kafkaClient();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        OutletMetrics metrics = new OutletMetrics(registry, clock);
        Outlet outlet = new Outlet(
                settings.outlet(),
                () -> new OutletConnection(kafka, settings.monitoringGroup()),
                metrics,
                clock,
                new Random());
        StatusView view = new StatusView(metrics, clock, settings.enrolment());
        ending.onRequest(outlet::stop);
        try (OpsServer ops =
                OpsServer.start(settings.http(), new OpsServer.Views(registry, view::live, view::ready, view::json))) {
            LOG.info("Status at port {}", ops.port());
            outlet.run();
        }
    }
}
