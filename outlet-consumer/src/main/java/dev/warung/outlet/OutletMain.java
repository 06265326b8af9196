package dev.warung.outlet;

import dev.warung.core.ops.OpsServer;
import dev.warung.core.runtime.Ending;
import dev.warung.outlet.api.LocalApi;
import dev.warung.outlet.link.Outlet;
import dev.warung.outlet.link.OutletConnection;
import dev.warung.outlet.link.OutletMetrics;
import dev.warung.outlet.replica.AppWrites;
import dev.warung.outlet.replica.WritesView;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
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
        Map<String, Object> kafka = settings.kafkaClient();
        Supplier<OutletConnection> connect =
                () -> OutletConnection.open(kafka, settings.monitoringGroup(), settings.topics());
        // First, and beside all the rest: it takes longest.
        CompletableFuture<OutletConnection> first = CompletableFuture.supplyAsync(connect);
        LOG.info("{} with {}", settings.enrolment(), settings.printable());
        InstantSource clock = InstantSource.system();
        AtomicBoolean isFirst = new AtomicBoolean(true);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // As the replicator's meters of outlets have it, so that one query fits both.
        registry.config().commonTags("outlet", settings.enrolment().code());
        OutletMetrics metrics = new OutletMetrics(registry, clock);
        Outlet outlet = new Outlet(
                settings.outlet(),
                () -> isFirst.getAndSet(false) ? await(first) : connect.get(),
                metrics,
                clock,
                new Random());
        StatusView view = new StatusView(metrics, clock, settings.enrolment());
        ending.onRequest(outlet::stop);
        try (OpsServer ops =
                OpsServer.start(settings.http(), new OpsServer.Views(registry, view::live, view::ready, view::json))) {
            Path file = settings.outlet().file();
            ops.handle(
                    LocalApi.ROOT,
                    new LocalApi(
                            settings.apiKey(),
                            view::syncStatus,
                            outlet::trigger,
                            new WritesView(file),
                            new AppWrites(file)));
            ops.handle("/healthz", view::healthz);
            LOG.info("Status at port {}", ops.port());
            outlet.run();
        }
    }

    private static OutletConnection await(CompletableFuture<OutletConnection> first) {
        try {
            return first.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
