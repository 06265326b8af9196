package dev.warung.bench.routing;

import dev.warung.replicator.routing.match.RoutingSink;
import dev.warung.replicator.routing.match.ShapeInstance;
import org.jspecify.annotations.Nullable;

/** Counts what it is told. */
final class CountingSink implements RoutingSink {

    private long told;

    long told() {
        return told;
    }

    @Override
    public void enters(ShapeInstance instance, int table, @Nullable Object[] row) {
        told++;
    }

    @Override
    public void stays(ShapeInstance instance, int table, @Nullable Object[] row) {
        told++;
    }

    @Override
    public void leaves(ShapeInstance instance, int table, @Nullable Object[] row) {
        told++;
    }

    @Override
    public void truncated(ShapeInstance instance, int table) {
        told++;
    }
}
