package dev.warung.outlet.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.ShapeSchema;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest {

    private static final ShapeSchema.Keep KEEP = new ShapeSchema.Keep(
            Duration.ofDays(7).toMillis(), Duration.ofDays(35).toMillis());
    private static final long NOW = Duration.ofDays(20_000).toMillis();

    @Test
    void anOutletThatWasAwayForDaysGoesOn() {
        assertThat(after(Duration.ofSeconds(1))).isEqualTo(Freshness.CURRENT);
        assertThat(after(Duration.ofDays(6))).isEqualTo(Freshness.CURRENT);
    }

    @Test
    void nearTheTimeForWhichVersionsAreKeptItIsBehind() {
        assertThat(after(Duration.ofDays(7).minusMinutes(30))).isEqualTo(Freshness.BEHIND);
        assertThat(after(Duration.ofDays(30))).isEqualTo(Freshness.BEHIND);
    }

    @Test
    void nearTheTimeForWhichDeletesAreKeptItIsLost() {
        assertThat(after(Duration.ofDays(35).minusHours(1))).isEqualTo(Freshness.LOST);
        assertThat(Freshness.of(KEEP, 0, NOW)).isEqualTo(Freshness.LOST);
    }

    @Test
    void aClockThatWentBackIsNotBelieved() {
        assertThat(after(Duration.ofSeconds(-2))).isEqualTo(Freshness.BEHIND);
        assertThat(after(Duration.ofDays(-1))).isEqualTo(Freshness.LOST);
    }

    private static Freshness after(Duration away) {
        return Freshness.of(KEEP, NOW - away.toMillis(), NOW);
    }
}
