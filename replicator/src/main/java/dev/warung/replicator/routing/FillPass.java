package dev.warung.replicator.routing;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the filling of some generations of one shape has come: they are filled together, one table after the other, each in the order
 * of its key.
 *
 * @param topics of the generations
 * @param table number of the table in the shape that is being read
 * @param after key of the last row that was looked at, as a key of the shape's topics; null before the first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never a map key
record FillPass(String shape, List<String> topics, int table, byte @Nullable [] after) {
    FillPass {
        topics = List.copyOf(topics);
    }

    Optional<byte[]> afterKey() {
        return Optional.ofNullable(after);
    }
}
