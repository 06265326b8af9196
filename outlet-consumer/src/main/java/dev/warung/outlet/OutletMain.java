package dev.warung.outlet;

import dev.warung.core.runtime.Ending;
import dev.warung.outlet.link.OutletConnection;
import dev.warung.outlet.start.WarmUp;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Begins the process. Exit code 0 after a stop, 2 when it cannot start as it was set up.
 *
 * <p>Does first what takes longest: a till is used as soon as it is switched on. So it has no logger either, whose set-up would come before
 * all else.
 */
public final class OutletMain {

    private OutletMain() {}

    public static void main(String[] arguments) {
        WarmUp warmUp = WarmUp.begin();
        System.exit(Ending.run(ending -> {
            OutletSettings settings = OutletSettings.read(List.of(arguments), System.getenv());
            warmUp.awaitLogging();
            serve(settings, ending);
        }));
    }

    private static void serve(OutletSettings settings, Ending ending) throws InterruptedException {
        Map<String, Object> kafka = settings.kafkaClient();
        Supplier<OutletConnection> connect =
                () -> OutletConnection.open(kafka, settings.monitoringGroup(), settings.topics());
        OutletProcess.Chance chance = new OutletProcess.Chance(InstantSource.system(), new Random());
        OutletProcess.serve(settings, CompletableFuture.supplyAsync(connect), connect, chance, ending);
    }
}
