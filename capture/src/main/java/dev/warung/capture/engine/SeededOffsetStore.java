package dev.warung.capture.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Gives the engine the one offset it is to start from, then what was confirmed, in memory only.
 *
 * <p>The offset that counts is the one in Kafka, written in the same transaction as the rows (I3). Confirmed offsets are kept
 * because the engine reads them back here right before it tells PostgreSQL. While nothing is confirmed yet in a run, it reads
 * nothing: otherwise each stop would confirm the start position at once instead of late.
 */
public final class SeededOffsetStore implements OffsetBackingStore {

    /** The property with the offset, as JSON. */
    static final String SEED = "warung.offset";

    /** The property with the number of the run, under which {@link #RUNS} has its state. */
    static final String RUN = "warung.run";

    /** For each run whether events have arrived, so that the seed was taken. The engine makes the store by its class name only. */
    static final Map<String, AtomicBoolean> RUNS = new ConcurrentHashMap<>();

    private final Map<ByteBuffer, ByteBuffer> confirmed = new ConcurrentHashMap<>();
    private byte[] seed = new byte[0];
    private AtomicBoolean streaming = new AtomicBoolean();

    @Override
    public void configure(WorkerConfig config) {
        seed = String.valueOf(config.originals().get(SEED)).getBytes(StandardCharsets.UTF_8);
        streaming = RUNS.getOrDefault(String.valueOf(config.originals().get(RUN)), streaming);
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        Map<ByteBuffer, ByteBuffer> offsets = new HashMap<>();
        for (ByteBuffer key : keys) {
            ByteBuffer offset = confirmed.get(key);
            if (offset != null) {
                offsets.put(key, offset);
            } else if (!streaming.get()) {
                offsets.put(key, ByteBuffer.wrap(seed));
            }
        }
        return CompletableFuture.completedFuture(offsets);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
        confirmed.putAll(values);
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }
}
