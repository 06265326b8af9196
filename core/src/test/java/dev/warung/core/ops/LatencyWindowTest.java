package dev.warung.core.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {

    private static final long NOW_MS = 1_700_000_000_000L;

    private final LatencyWindow window = new LatencyWindow();

    @Test
    void knowsPercentilesToAFewPercent() {
        for (int ms = 1; ms <= 1000; ms++) {
            window.record(NOW_MS, Duration.ofMillis(ms));
        }

        assertThat(window.percentile(NOW_MS, 0.5)).isCloseTo(500, Percentage.withPercentage(7));
        assertThat(window.percentile(NOW_MS, 0.99)).isCloseTo(990, Percentage.withPercentage(7));
    }

    @Test
    void forgetsWhatIsOlderThanThirtySeconds() {
        window.record(NOW_MS, Duration.ofSeconds(100));
        window.record(NOW_MS + 29_000, Duration.ofMillis(3));

        assertThat(window.percentile(NOW_MS + 29_000, 1)).isGreaterThan(90_000);
        assertThat(window.percentile(NOW_MS + 31_000, 1)).isCloseTo(3, within(0.2));
        assertThat(window.percentile(NOW_MS + 90_000, 1)).isNaN();
    }

    @Test
    void takesAnyLatency() {
        window.record(NOW_MS, Duration.ZERO);
        window.record(NOW_MS, Duration.ofDays(400));
        window.record(NOW_MS, Duration.ofMillis(-5));

        assertThat(window.percentile(NOW_MS, 0.5)).isZero();
    }
}
