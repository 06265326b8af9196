package dev.warung.bench.soak;

import dev.warung.bench.measure.ProcessUsage;
import dev.warung.bench.measure.Wait;
import dev.warung.testkit.check.SlotSampler;
import dev.warung.testkit.pipeline.ProcessPipeline;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at the pipeline all the time, in the middle of faults too: slot against log (I3), memory of the roles and WAL that the slot
 * holds back (I9). What cannot be asked while a server is down is asked again a second later.
 *
 * <p>Thread: its own; what it found may be read by any.
 */
final class Watch implements AutoCloseable {
    private static final long PAUSE_MS = 1000;

    private final SoakPipeline pipeline;
    private final SlotSampler slot;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "soak-watch");
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicLong slotSamples = new AtomicLong();
    private final AtomicLong retainedWalMax = new AtomicLong();
    private final Map<Part, Long> peakRss = new ConcurrentHashMap<>();

    private Watch(SoakPipeline pipeline) {
        this.pipeline = pipeline;
        this.slot = pipeline.processes().slotSampler();
    }

    static Watch start(SoakPipeline pipeline) {
        Watch watch = new Watch(pipeline);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                weigh(Part.CAPTURE);
                weigh(Part.REPLICATOR);
                askServers();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askServers() {
        try {
            long retained = Long.parseLong(pipeline.processes()
                    .query("select coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)::bigint"
                            + " from pg_replication_slots where slot_name = '" + ProcessPipeline.PREFIX + "'"));
            retainedWalMax.accumulateAndGet(retained, Math::max);
            Optional<String> problem = slot.problem(ProcessPipeline.PREFIX);
            problem.ifPresent(problems::add);
            slotSamples.incrementAndGet();
        } catch (SQLException | KafkaException serverIsDown) {
            // Faults are the purpose; the count of samples says how often it could be asked.
        }
    }

    private void weigh(Part role) {
        try {
            long pid = (role == Part.CAPTURE ? pipeline.capture() : pipeline.replicator())
                    .process()
                    .pid();
            peakRss.merge(role, ProcessUsage.peakRssBytes(pid), Math::max);
        } catch (RuntimeException gone) {
            peakRss.putIfAbsent(role, 0L);
        }
    }

    /** Each time the slot was ahead of the log. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    long slotSamples() {
        return slotSamples.get();
    }

    long retainedWalMax() {
        return retainedWalMax.get();
    }

    long peakRss(Part role) {
        return peakRss.getOrDefault(role, 0L);
    }

    @Override
    public void close() {
        stop.countDown();
        Wait.forEnd(thread);
    }
}
