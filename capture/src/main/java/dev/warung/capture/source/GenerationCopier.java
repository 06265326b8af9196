package dev.warung.capture.source;

import dev.warung.capture.copy.Chunk;
import dev.warung.capture.copy.ChunkInbox;
import dev.warung.capture.copy.GenerationCopies;
import dev.warung.core.runtime.Backoff;
import dev.warung.core.schema.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies single generations beside the stream, one table at a time, chunk by chunk under watermarks.
 *
 * <p>A failure of PostgreSQL is tried again until the copy is done, cancelled, or the stream is given up.
 */
public final class GenerationCopier implements GenerationCopies, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationCopier.class);
    private static final ChunkReader.Bounds CHUNK = new ChunkReader.Bounds(10_000, 8L << 20);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final long IDLE_SECONDS = 10;

    private final SourceConnections connections;
    private final ChunkInbox inbox;
    private final Map<Long, Integer> wanted = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ThreadPoolExecutor worker;

    public GenerationCopier(SourceConnections connections, ChunkInbox inbox) {
        this.connections = connections;
        this.inbox = inbox;
        this.worker = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), GenerationCopier::daemon);
        worker.allowCoreThreadTimeOut(true);
    }

    @Override
    public void request(TableSchema schema) {
        wanted.put(schema.oid(), schema.generation());
        worker.execute(() -> copy(schema));
    }

    @Override
    public void cancel(long oid) {
        wanted.remove(oid);
    }

    @Override
    public void close() {
        closed.countDown();
        wanted.clear();
        worker.shutdownNow();
    }

    private void copy(TableSchema schema) {
        Backoff backoff = Backoff.between(FIRST_WAIT, LONGEST_WAIT);
        try {
            while (isWanted(schema)) {
                try (Connection reading = connections.open();
                        Connection marking = connections.open()) {
                    ChunkReader.orderPhysically(reading);
                    reading.setAutoCommit(false);
                    reading.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    copy(schema, new ChunkReader(reading, schema, CHUNK), marking, backoff);
                    return;
                } catch (SQLException | RuntimeException e) {
                    LOG.warn(
                            "The copy of {} as generation {} begins again after: {}",
                            schema.id(),
                            schema.generation(),
                            String.valueOf(e),
                            e);
                    backoff.awaitNext(closed);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(TableSchema schema, ChunkReader reader, Connection marking, Backoff backoff)
            throws SQLException, InterruptedException {
        LOG.info("Copying {} as generation {}", schema.id(), schema.generation());
        long rows = 0;
        boolean isDone = false;
        while (!isDone && isWanted(schema)) {
            Optional<Chunk> chunk = reader.read();
            if (chunk.isEmpty()) {
                LOG.info("{} is gone; its copy ends", schema.id());
                return;
            }
            ChunkInbox.Outcome outcome = offer(chunk.get(), reader, marking);
            if (outcome == ChunkInbox.Outcome.UNWANTED) {
                return;
            }
            if (outcome == ChunkInbox.Outcome.TAKEN) {
                backoff.reset();
                reader.advance();
                rows += chunk.get().rows().size();
                isDone = chunk.get().last();
            } else {
                backoff.awaitNext(closed);
            }
        }
        LOG.info("Copied {} rows of {} as generation {}", rows, schema.id(), schema.generation());
    }

    /** The table stays locked against DDL until its watermark is committed; see {@link ChunkReader}. */
    private ChunkInbox.Outcome offer(Chunk chunk, ChunkReader reader, Connection marking)
            throws SQLException, InterruptedException {
        var outcome = inbox.offer(chunk);
        try (PreparedStatement watermark =
                marking.prepareStatement("update warung.watermark set chunk = ?, at = pg_catalog.clock_timestamp()")) {
            watermark.setObject(1, chunk.id());
            watermark.executeUpdate();
        }
        reader.release();
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the stream refused a chunk of " + chunk.schema().id(), e);
        }
    }

    private boolean isWanted(TableSchema schema) {
        Integer generation = wanted.get(schema.oid());
        return generation != null && generation == schema.generation() && closed.getCount() > 0;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "capture-copies");
        thread.setDaemon(true);
        return thread;
    }
}
