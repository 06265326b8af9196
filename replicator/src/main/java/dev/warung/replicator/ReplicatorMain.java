package dev.warung.replicator;

import dev.warung.core.ops.OpsServer;
import dev.warung.core.runtime.Ending;
import dev.warung.replicator.follow.Replicator;
import dev.warung.replicator.follow.ReplicatorMetrics;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.outlets.OutletAccess;
import dev.warung.replicator.outlets.OutletLag;
import dev.warung.replicator.outlets.OutletLagReader;
import dev.warung.replicator.outlets.OutletMonitor;
import dev.warung.replicator.outlets.OutletRights;
import dev.warung.replicator.verify.BackupCatalog;
import dev.warung.replicator.verify.Verifier;
import dev.warung.replicator.verify.VerifyEndpoint;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replicator as a process: wiring only. Exit code 0 after a stop, 2 when it cannot start as it was set up. */
public final class ReplicatorMain {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicatorMain.class);
    private static final Duration OUTLETS_INTERVAL = Duration.ofSeconds(10);

    private ReplicatorMain() {}

    public static void main(String[] arguments) {
        System.exit(Ending.run(ending -> serve(ReplicatorSettings.read(List.of(arguments), System.getenv()), ending)));
    }

    private static void serve(ReplicatorSettings settings, Ending ending) throws InterruptedException {
        LOG.info("Replicator with {}", settings.printable());
        InstantSource clock = InstantSource.system();
        Map<String, Object> kafka = settings.kafkaClient();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (ReplicatorMetrics metrics = new ReplicatorMetrics(registry, clock);
                Admin admin = Admin.create(kafka);
                OutletMonitor outlets = OutletMonitor.start(
                        () -> new OutletLagReader(kafka, settings.topics(), clock),
                        OUTLETS_INTERVAL,
                        watcher(settings, metrics, admin))) {
            Replicator replicator = new Replicator(
                    settings.replicator(),
                    () -> new LogConnection(kafka, settings.monitoringGroup()),
                    metrics,
                    clock,
                    new Random());
            VerifyEndpoint verify = new VerifyEndpoint(
                    settings.verify().map(v -> new Verifier(v, replicator.gate(), BackupCatalog.OF_FILE, clock)),
                    report -> metrics.verified(report.identical()));
            StatusView view =
                    new StatusView(metrics, clock, settings.markerAgeMax(), verify::lastJson, outlets::picture);
            ending.onRequest(replicator::stop);
            try (OpsServer ops = OpsServer.start(
                    settings.http(), new OpsServer.Views(registry, view::live, view::ready, view::json))) {
                ops.handle("/verify", verify);
                LOG.info("Status at port {}", ops.port());
                replicator.run();
            }
        }
    }

    private static Consumer<List<OutletLag>> watcher(
            ReplicatorSettings settings, ReplicatorMetrics metrics, Admin admin) {
        if (!settings.hasOutletUsers()) {
            return metrics::outlets;
        }
        OutletRights rights = new OutletRights(new OutletAccess(admin, settings.topics()));
        Consumer<List<OutletLag>> shown = metrics::outlets;
        return shown.andThen(rights::update);
    }
}
