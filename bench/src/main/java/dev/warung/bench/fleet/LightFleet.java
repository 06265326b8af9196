package dev.warung.bench.fleet;

import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.Topics;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Light outlets on a few threads: each has its own connections and its own position, none has a file. */
final class LightFleet implements AutoCloseable {

    private static final int THREADS = 4;

    private final List<FleetThread> threads = new ArrayList<>();
    private final Deliveries deliveries = new Deliveries();

    private LightFleet() {}

    /** Starts one light outlet for each that the topics name, at the end of its topics. */
    static LightFleet start(String bootstrapServers, Topics topics, FleetTopics from, InstantSource clock) {
        LightFleet fleet = new LightFleet();
        String[] address = bootstrapServers.split(",", -1)[0].split(":", 2);
        InetSocketAddress broker = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
        for (int i = 0; i < THREADS; i++) {
            fleet.threads.add(new FleetThread(
                    "light-outlets-" + i, broker, new ShapeCodec(from.schema()), clock, fleet.deliveries));
        }
        int next = 0;
        for (String code : from.codes()) {
            fleet.threads.get(next++ % THREADS).add(new LightOutlet(topics, code, from.feeds(topics, code)));
        }
        fleet.threads.forEach(FleetThread::start);
        return fleet;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** Cuts every connection. */
    void disconnect() {
        threads.forEach(thread -> thread.connect(false));
    }

    /** Makes every connection again, at the same moment. */
    void reconnect() {
        threads.forEach(thread -> thread.connect(true));
    }

    /** Throws what a light outlet has failed with. */
    void check() {
        threads.forEach(FleetThread::check);
    }

    @Override
    public void close() {
        threads.forEach(FleetThread::close);
    }
}
