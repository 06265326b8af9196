package dev.warung.replicator.routing;

import dev.warung.core.shape.InstanceId;

/**
 * One generation of a shape instance: a topic.
 *
 * @param topicId Kafka's id of it
 * @param description checksum of what the shape meant when it began; another meaning begins another generation
 * @param sinceMs when its state began, milliseconds since 1970
 * @param unusedSinceMs since when no outlet needs it; 0 if one does
 */
record Generation(
        InstanceId instance,
        int number,
        String topic,
        String topicId,
        String description,
        State state,
        long sinceMs,
        long unusedSinceMs) {

    /**
     * <pre>
     * FILLING ─all rows sent→ LIVE ─description changed, or changes were missed→ FROZEN
     * FILLING, LIVE, FROZEN ─a newer generation is live, or nobody needs it→ CLOSED ─grace over→ GONE
     * </pre>
     */
    enum State {
        /** Its present rows are being sent; outlets do not know of it. */
        FILLING,
        /** It follows the log. */
        LIVE,
        /** It is whole, but stands still until a newer generation replaces it. */
        FROZEN,
        /** Outlets are told not to read it; its topic is deleted soon. */
        CLOSED,
        /** Its topic is deleted; kept so that its number is not used again. */
        GONE
    }

    Generation in(State newState, long nowMs) {
        return new Generation(instance, number, topic, topicId, description, newState, nowMs, unusedSinceMs);
    }

    Generation unusedSince(long ms) {
        return new Generation(instance, number, topic, topicId, description, state, sinceMs, ms);
    }

    /** Whether outlets may read it. */
    boolean isWhole() {
        return state == State.LIVE || state == State.FROZEN;
    }
}
