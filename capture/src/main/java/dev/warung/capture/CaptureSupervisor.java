package dev.warung.capture;

import dev.warung.core.runtime.Backoff;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives capture one life after the other, each with everything opened and read anew.
 *
 * <p>What heals by itself is tried again with a growing wait. What a person must decide keeps capture red, or ends it. A capture that
 * was fenced waits until the other has fallen silent: two that retry would fence each other for ever.
 *
 * <p>Thread: {@link #run} belongs to one thread, {@link #stop} may come from any.
 */
final class CaptureSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureSupervisor.class);
    private static final long SILENT_MS = 10_000;
    private static final long STANDBY_STEP_MS = 1000;
    private static final long HEALTHY_MS = 30_000;

    private final Supplier<CaptureLife> lives;
    private final Source source;
    private final CaptureStatus status;
    private final CaptureMetrics metrics;
    private final Policy policy;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * How failures are met.
     *
     * @param standsBy whether to wait for another capture's silence before the first life too
     */
    record Policy(boolean standsBy, boolean exitsOnRefusal, Backoff backoff) {}

    CaptureSupervisor(
            Supplier<CaptureLife> lives, Source source, CaptureStatus status, CaptureMetrics metrics, Policy policy) {
        this.lives = lives;
        this.source = source;
        this.status = status;
        this.metrics = metrics;
        this.policy = policy;
    }

    /**
     * Runs until it is stopped.
     *
     * @throws PipelineException if a person must decide and capture is to end then
     */
    void run() throws InterruptedException {
        boolean standsBy = policy.standsBy();
        boolean takesOver = true;
        try {
            while (!stop.isDone()) {
                if (standsBy && !awaitSilence()) {
                    return;
                }
                takesOver |= standsBy;
                standsBy = policy.standsBy();
                try {
                    lives.get().live(takesOver, stop);
                } catch (RuntimeException e) {
                    standsBy |= failed(CaptureLife.failure(e));
                    takesOver = false;
                }
            }
        } finally {
            status.state(CaptureState.STOPPED);
        }
    }

    void stop() {
        stop.complete(null);
        stopped.countDown();
    }

    /** Meets a failure; true if another capture is to fall silent before the next life. */
    private boolean failed(PipelineException failure) throws InterruptedException {
        if (stop.isDone()) {
            return false;
        }
        metrics.failed(failure.code());
        if (status.state() == CaptureState.STREAMING
                && status.markerAgeMs() >= 0
                && status.markerAgeMs() < HEALTHY_MS) {
            policy.backoff().reset();
        }
        boolean isRefusal = failure.code().reaction() == ErrorCode.Reaction.STOP;
        status.failed(failure, isRefusal ? CaptureState.REFUSED : CaptureState.RETRYING);
        if (isRefusal) {
            LOG.error("Capture cannot go on: {}", failure.getMessage(), failure);
            if (policy.exitsOnRefusal() && failure.code() != ErrorCode.FENCED) {
                throw failure;
            }
        } else {
            LOG.warn("Capture begins again after: {}", failure.getMessage(), failure);
        }
        policy.backoff().awaitNext(stopped);
        return failure.code() == ErrorCode.FENCED;
    }

    /** Waits until no other capture has beaten the heart for a while; false if it was stopped first. */
    private boolean awaitSilence() throws InterruptedException {
        while (!stop.isDone()) {
            try {
                if (source.heartbeatAgeMs().map(age -> age >= SILENT_MS).orElse(true)) {
                    return true;
                }
                status.state(CaptureState.STANDBY);
            } catch (PipelineException e) {
                status.failed(e, CaptureState.STANDBY);
            }
            if (stopped.await(STANDBY_STEP_MS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }
}
