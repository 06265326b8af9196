package dev.warung.bench.stage;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.reader.ReplicationClient;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain replication client beside the pipeline: it notes when each commit arrives. What it needs is what PostgreSQL, its driver and the
 * machine take before any work of ours begins.
 *
 * <p>Thread: reads on one of its own; the rest by its owner.
 */
public final class RawWatch implements AutoCloseable {
    private final BenchServers servers;
    private final String slot;
    private final InstantSource clock;
    private final ReplicationClient client;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Thread thread = new Thread(this::read, "raw-watch");
    private volatile boolean closing;

    /** A transaction with a row: when PostgreSQL committed it, and when its end was received; microseconds since 1970. */
    public record Arrival(long committedAtUs, long receivedAtUs) {}

    private RawWatch(BenchServers servers, String slot, InstantSource clock, ReplicationClient client) {
        this.servers = servers;
        this.slot = slot;
        this.clock = clock;
        this.client = client;
    }

    public static RawWatch start(BenchServers servers, InstantSource clock, String slot, String publication)
            throws SQLException {
        servers.createSlot(slot);
        RawWatch watch =
                new RawWatch(servers, slot, clock, ReplicationClient.start(servers.postgres(), slot, publication));
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void read() {
        try {
            client.read(new ReplicationClient.Listener() {
                private boolean hasRow;

                @Override
                public void inserted() {
                    hasRow = true;
                }

                @Override
                public void committed(long atUs) {
                    if (hasRow) {
                        add(new Arrival(atUs, ArrivalWatch.micros(clock.instant())));
                    }
                    hasRow = false;
                }
            });
        } catch (SQLException e) {
            if (!closing) {
                throw new BenchException("The raw replication client failed: " + e.getMessage(), e);
            }
        }
    }

    private void add(Arrival arrival) {
        synchronized (arrivals) {
            arrivals.add(arrival);
        }
    }

    /** What has arrived since the last call. */
    public List<Arrival> take() {
        synchronized (arrivals) {
            List<Arrival> taken = List.copyOf(arrivals);
            arrivals.clear();
            return taken;
        }
    }

    @Override
    public void close() {
        closing = true;
        servers.dropSlot(slot);
        try {
            thread.join();
            client.close();
        } catch (SQLException e) {
            throw new BenchException("The raw replication client cannot be closed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
