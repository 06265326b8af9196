package io.debezium.connector.base;

import dev.warung.capture.engine.EventBatch;
import dev.warung.capture.engine.EventValue;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.Sizeable;
import io.debezium.util.LoggingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes the place of Debezium's class of this name, whose {@code poll()} waits until a batch is full or the poll interval has passed:
 * with it, a lone event waits the whole interval, and a short interval costs a spinning core. This one does not look at the interval. It
 * hands over what is there as soon as something is, all events in one record; when none follows for a moment, it says so with a record
 * without events. While there is nothing it sleeps, and returns an empty list from time to time. While the reader is ahead, batches
 * are full by themselves.
 *
 * <p>It must stand before Debezium's jar in the class path; a test pins the original (docs/decisions/0014-queue-and-meter.md).
 *
 * <p>Thread: one that enqueues, one that polls.
 */
public class ChangeEventQueue<T extends Sizeable> implements ChangeEventQueueMetrics {

    /** How long an empty {@link #poll()} waits: the caller looks after its own shutdown in between. */
    private static final long EMPTY_WAIT_MS = 200;

    /** How long nothing must come after some events before that is told. */
    private static final long PAUSE_MS = 3;

    /** What an event takes beside its values, about. */
    private static final int EVENT_BYTES = 500;

    private final int maxBatchSize;
    private final int maxQueueSize;
    private final long maxQueueSizeInBytes;
    private final Supplier<LoggingContext.PreviousContext> loggingContext;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Queue<T> queue;
    private final Queue<Long> sizes = new ArrayDeque<>();
    private long bytes;
    private T lastHandedOver;
    private volatile boolean buffering;
    private T buffered;
    private volatile RuntimeException producerException;

    private ChangeEventQueue(Builder<T> builder) {
        this.maxBatchSize = builder.maxBatchSize;
        this.maxQueueSize = builder.maxQueueSize;
        this.maxQueueSizeInBytes = builder.maxQueueSizeInBytes;
        this.loggingContext = builder.loggingContextSupplier;
        this.buffering = builder.buffering;
        this.queue = new ArrayDeque<>(maxQueueSize);
    }

    /** Waits while the queue is full. */
    public void enqueue(T entry) throws InterruptedException {
        if (entry == null) {
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!buffering) {
            doEnqueue(entry);
            return;
        }
        T previous = buffered;
        buffered = entry;
        if (previous != null) {
            doEnqueue(previous);
        }
    }

    /** Enqueues the buffered entry, changed by {@code modifier}. */
    public void flushBuffer(Function<T, T> modifier) throws InterruptedException {
        T last = buffered;
        buffered = null;
        if (last != null) {
            doEnqueue(modifier.apply(last));
        }
    }

    public void disableBuffering() {
        if (buffered != null) {
            throw new IllegalStateException("the buffer must be flushed first");
        }
        buffering = false;
    }

    public void enableBuffering() {
        buffering = true;
    }

    protected void doEnqueue(T entry) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isFull()) {
                drained.await();
            }
            if (maxQueueSizeInBytes > 0) {
                long size = size(entry);
                sizes.add(size);
                bytes += size;
            }
            queue.add(entry);
            if (queue.size() == 1) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Debezium's own measure walks through the whole record and encodes each text once more. */
    private static long size(Sizeable entry) {
        return entry instanceof DataChangeEvent change && change.getRecord().value() instanceof EventValue event
                ? EVENT_BYTES + event.bytes()
                : entry.objectSize();
    }

    /**
     * What is there, at most one batch, as one record; empty if nothing came for a while. After some events, a record without events
     * if nothing comes for a moment. Throws what stopped the producer.
     */
    public List<T> poll() throws InterruptedException {
        LoggingContext.PreviousContext context = loggingContext.get();
        try {
            lock.lockInterruptibly();
            try {
                long remaining = TimeUnit.MILLISECONDS.toNanos(lastHandedOver == null ? EMPTY_WAIT_MS : PAUSE_MS);
                throwProducerException();
                while (queue.isEmpty() && remaining > 0) {
                    remaining = filled.awaitNanos(remaining);
                    throwProducerException();
                }
                return handOver(drain());
            } finally {
                lock.unlock();
            }
        } finally {
            context.restore();
        }
    }

    private List<T> drain() {
        int count = Math.min(queue.size(), maxBatchSize);
        List<T> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(queue.remove());
            if (maxQueueSizeInBytes > 0) {
                bytes -= sizes.remove();
            }
        }
        drained.signal();
        return batch;
    }

    @SuppressWarnings("unchecked") // of whatever kind the entries are, the record made of them is too
    private List<T> handOver(List<T> batch) {
        T last = lastHandedOver;
        lastHandedOver = null;
        if (batch.isEmpty()) {
            return last == null ? batch : (List<T>) List.of(EventBatch.pauseAfter((DataChangeEvent) last));
        }
        if (!batch.stream().allMatch(ChangeEventQueue::isEvent)) {
            return batch;
        }
        lastHandedOver = batch.get(batch.size() - 1);
        return (List<T>) List.of(EventBatch.of((List<DataChangeEvent>) batch));
    }

    private static boolean isEvent(Sizeable entry) {
        return entry instanceof DataChangeEvent change && change.getRecord().value() instanceof EventValue;
    }

    /** Whoever polls next gets {@code exception}. */
    public void producerException(RuntimeException exception) {
        producerException = exception;
        lock.lock();
        try {
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    private void throwProducerException() {
        RuntimeException exception = producerException;
        if (exception != null) {
            throw exception;
        }
    }

    private boolean isFull() {
        return queue.size() >= maxQueueSize || (maxQueueSizeInBytes > 0 && bytes >= maxQueueSizeInBytes);
    }

    @Override
    public int totalCapacity() {
        return maxQueueSize;
    }

    @Override
    public int remainingCapacity() {
        lock.lock();
        try {
            return maxQueueSize - queue.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long maxQueueSizeInBytes() {
        return maxQueueSizeInBytes;
    }

    @Override
    public long currentQueueSizeInBytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    public boolean isBuffered() {
        return buffering;
    }

    public void close() {
        // Nothing is held but memory.
    }

    /** As Debezium's builder: every connector makes its queue with it. */
    public static class Builder<T extends Sizeable> {

        private int maxQueueSize;
        private int maxBatchSize;
        private Supplier<LoggingContext.PreviousContext> loggingContextSupplier;
        private long maxQueueSizeInBytes;
        private boolean buffering;

        /** Not needed: no wait here depends on it. The reader, which is not ours, sleeps that long when PostgreSQL has nothing. */
        public Builder<T> pollInterval(@SuppressWarnings("unused") Duration pollInterval) {
            return this;
        }

        public Builder<T> maxQueueSize(int size) {
            this.maxQueueSize = size;
            return this;
        }

        public Builder<T> maxBatchSize(int size) {
            this.maxBatchSize = size;
            return this;
        }

        public Builder<T> loggingContextSupplier(Supplier<LoggingContext.PreviousContext> supplier) {
            this.loggingContextSupplier = supplier;
            return this;
        }

        public Builder<T> maxQueueSizeInBytes(long size) {
            this.maxQueueSizeInBytes = size;
            return this;
        }

        /** Not needed: the queue is in memory. */
        public Builder<T> queueProvider(@SuppressWarnings("unused") QueueProvider<T> provider) {
            return this;
        }

        public Builder<T> buffering() {
            this.buffering = true;
            return this;
        }

        public ChangeEventQueue<T> build() {
            return new ChangeEventQueue<>(this);
        }
    }
}
