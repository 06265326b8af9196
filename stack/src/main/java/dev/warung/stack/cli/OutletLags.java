package dev.warung.stack.cli;

import dev.warung.core.runtime.PipelineException;
import dev.warung.replicator.outlets.OutletLag;
import dev.warung.replicator.outlets.OutletLagReader;
import dev.warung.stack.pipeline.StackException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lag of outlets for people.
 *
 * @param byCode empty if Kafka did not answer
 * @param failure why it did not; empty text if it did
 */
record OutletLags(Map<String, OutletLag> byCode, String failure, long nowMs) {
    OutletLags {
        byCode = Map.copyOf(byCode);
    }

    static OutletLags read(FleetTarget target, Collection<String> codes, InstantSource clock) {
        Map<String, OutletLag> lags = new HashMap<>();
        String failure = "";
        try (OutletLagReader reader = new OutletLagReader(target.kafkaClient(), target.topics(), clock)) {
            reader.read(codes).forEach(lag -> lags.put(lag.code(), lag));
        } catch (PipelineException | StackException e) {
            failure = String.valueOf(e.getMessage());
        }
        return new OutletLags(lags, failure, clock.millis());
    }

    Optional<OutletLag> of(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    String lastSeen(String code) {
        return of(code).map(lag -> lag.lastSeenMs().isEmpty()
                        ? "never"
                        : span(nowMs - lag.lastSeenMs().getAsLong()) + " ago")
                .orElse("?");
    }

    String rows(String code) {
        return of(code).map(lag -> Long.toString(lag.rows())).orElse("?");
    }

    String behind(String code) {
        return of(code).map(lag -> span(lag.behindMs())).orElse("?");
    }

    /** {@code 0 s}, {@code 41 s}, {@code 7 min}, {@code 5 h}, {@code 12 d}: of two units of time, the greater that fits. */
    static String span(long ms) {
        Duration time = Duration.ofMillis(Math.max(0, ms));
        if (time.toMinutes() < 2) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 2) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " d";
    }
}
