package dev.warung.outlet;

import dev.warung.core.ops.OpsServer;
import dev.warung.core.runtime.Ending;
import dev.warung.outlet.api.LocalApi;
import dev.warung.outlet.link.Outlet;
import dev.warung.outlet.link.OutletConnection;
import dev.warung.outlet.link.OutletMetrics;
import dev.warung.outlet.replica.AppWrites;
import dev.warung.outlet.replica.WritesView;
import dev.warung.outlet.start.ClassArchive;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outlet with all that is around it, in a process of its own: wiring only. */
final class OutletProcess {

    private static final Logger LOG = LoggerFactory.getLogger(OutletProcess.class);

    private OutletProcess() {}

    /** What a test would replace: the time, and the spread of retries. */
    record Chance(InstantSource clock, RandomGenerator random) {}

    /**
     * Runs until the end is asked for.
     *
     * @param first the first connection, which is being made already
     * @param connect makes each further one
     */
    static void serve(
            OutletSettings settings,
            CompletableFuture<OutletConnection> first,
            Supplier<OutletConnection> connect,
            Chance chance,
            Ending ending)
            throws InterruptedException {
        LOG.info("{} with {}", settings.enrolment(), settings.printable());
        var unused = first.thenRun(ClassArchive::keep);
        InstantSource clock = chance.clock();
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
                chance.random());
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
