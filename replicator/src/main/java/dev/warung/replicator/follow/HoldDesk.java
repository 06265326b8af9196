package dev.warung.replicator.follow;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where other threads ask the replicator to stand still, and where it looks whether somebody does. It waits for them at most as long as
 * their lease.
 */
final class HoldDesk implements ApplyGate {

    private final AtomicReference<@Nullable Request> current = new AtomicReference<>();
    private final Supplier<ReplicatorState> state;

    HoldDesk(Supplier<ReplicatorState> state) {
        this.state = state;
    }

    @Override
    public Hold hold(Duration lease) throws TimeoutException, InterruptedException {
        ReplicatorState now = state.get();
        if (now != ReplicatorState.FOLLOWING) {
            throw new IllegalStateException("the replicator " + now.says());
        }
        Request request = new Request(lease);
        if (!current.compareAndSet(null, request)) {
            throw new IllegalStateException("the replicator is held already");
        }
        try {
            request.arrived.get(request.remainingMs(), TimeUnit.MILLISECONDS);
            return request;
        } catch (ExecutionException e) {
            request.close();
            throw new IllegalStateException("the replicator failed before it stood still", e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            request.close();
            throw e;
        }
    }

    /** The hold that somebody wants. */
    Optional<Request> wanted() {
        Request request = current.get();
        if (request == null) {
            return Optional.empty();
        }
        if (request.isOver()) {
            current.compareAndSet(request, null);
            request.fail(new TimeoutException("the hold was closed or its lease ended"));
            return Optional.empty();
        }
        return Optional.of(request);
    }

    /** Tells whoever holds that the replicator has failed. */
    void fail(Exception cause) {
        Request request = current.getAndSet(null);
        if (request != null) {
            request.fail(new IllegalStateException("the replicator failed while it was held", cause));
        }
    }

    /** Something to be done at an exact commit. */
    record Task(Lsn end, Callable<?> action, CompletableFuture<@Nullable Object> result) {}

    /** One hold: the side of the asking thread is {@link Hold}, the rest is called by the replicator thread. */
    static final class Request implements Hold {

        private final long deadlineNanos;
        private final CompletableFuture<@Nullable Void> arrived = new CompletableFuture<>();
        /** At most one: the asking thread waits for its result before it can ask again. */
        private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(1);

        private volatile boolean isClosed;
        private volatile ChangeId position = ChangeId.NONE;
        private volatile Lsn commit = Lsn.ZERO;
        private volatile @Nullable Task running;

        Request(Duration lease) {
            this.deadlineNanos = System.nanoTime() + lease.toNanos();
        }

        @Override
        public ChangeId position() {
            return position;
        }

        @Override
        public Lsn commit() {
            return commit;
        }

        @Override
        @SuppressWarnings("unchecked") // the result of the task itself
        public <T> T runBefore(Lsn end, Callable<T> task) throws Exception {
            CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
            if (isOver() || !tasks.offer(new Task(end, task, result))) {
                throw new TimeoutException("the hold was closed or its lease ended");
            }
            try {
                return (T) result.get(remainingMs(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        }

        @Override
        public void close() {
            isClosed = true;
        }

        boolean isOver() {
            return isClosed || remainingMs() <= 0;
        }

        void standsAt(ChangeId id, Lsn lastCommit) {
            position = id;
            commit = lastCommit;
            arrived.complete(null);
        }

        /** The next thing to do; null if none came within a moment. */
        @Nullable
        Task awaitTask() throws InterruptedException {
            Task task = tasks.poll(20, TimeUnit.MILLISECONDS);
            running = task;
            return task;
        }

        private void fail(Exception cause) {
            isClosed = true;
            arrived.completeExceptionally(cause);
            Task task = running;
            if (task != null) {
                task.result().completeExceptionally(cause);
            }
            Task waiting = tasks.poll();
            if (waiting != null) {
                waiting.result().completeExceptionally(cause);
            }
        }

        private long remainingMs() {
            return Math.max(0, (deadlineNanos - System.nanoTime()) / 1_000_000);
        }
    }
}
