package dev.warung.bench.routing;

import dev.warung.core.wire.RowCodec;
import dev.warung.core.wire.RowCodec.DecodedRow;
import dev.warung.replicator.routing.match.RoutingIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One index and the changes that go through it, again and again. */
final class RoutingCase {

    private static final int STEP = 256;
    private static final double NANOS = 1e9;

    private final Kind kind;
    private final RoutingIndex index;
    private final Changes changes;
    private final long bytesOfIndex;
    private final RowCodec codec;
    private final CountingSink sink = new CountingSink();
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> ratesDecoded = new ArrayList<>();
    private long routed;
    private long expected;
    private int next;

    /** How many instances a change touches. */
    enum Touch {
        /** The one that it belongs to; two if it moves. If there is only one, rows move to where nobody is. */
        OWN,
        /** Any number. */
        ANY
    }

    record Kind(String name, int instances, Touch touch) {}

    RoutingCase(Kind kind, RoutingIndex index, Changes changes, long bytesOfIndex) {
        this.kind = kind;
        this.index = index;
        this.changes = changes;
        this.bytesOfIndex = bytesOfIndex;
        this.codec = RowCodec.of(changes.table());
    }

    /** Runs twice: from bytes, and with rows that are decoded already. */
    void run(Duration length, boolean isMeasured) {
        double fromBytes = rate(length, i -> {
            DecodedRow row = codec.decodeValue(changes.envelope(i));
            index.route(changes.table().topic(), row.before(), row.after(), sink);
        });
        double decoded = rate(length, i -> {
            DecodedRow row = changes.decoded(i);
            index.route(changes.table().topic(), row.before(), row.after(), sink);
        });
        if (isMeasured) {
            rates.add(fromBytes);
            ratesDecoded.add(decoded);
        }
    }

    @FunctionalInterface
    private interface Route {
        void accept(int change);
    }

    private double rate(Duration length, Route route) {
        long started = System.nanoTime();
        long end = started + length.toNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < STEP; i++) {
                route.accept(next);
                expected += Changes.isMove(next) && kind.instances() > 1 ? 2 : 1;
                next = (next + 1) % Changes.COUNT;
            }
            count += STEP;
        }
        routed += count;
        return count / ((System.nanoTime() - started) / NANOS);
    }

    RoutingReport.Line line() {
        boolean isComplete = kind.touch() == Touch.ANY ? sink.told() > 0 : sink.told() == expected;
        return new RoutingReport.Line(
                kind.name(),
                kind.instances(),
                rates,
                ratesDecoded,
                (double) bytesOfIndex / kind.instances(),
                (double) sink.told() / routed,
                isComplete);
    }
}
