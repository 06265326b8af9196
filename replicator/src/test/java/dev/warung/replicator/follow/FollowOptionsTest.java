package dev.warung.replicator.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowOptionsTest {

    private static final FollowOptions OPTIONS = new FollowOptions(1_000, Duration.ofMillis(250), 1 << 20);

    @ParameterizedTest
    @CsvSource({
        "999, 250, 0, false",
        "1000, 1, 0, true",
        "1, 251, 0, true",
        "5000, 399, 100, false",
        "5000, 400, 100, true",
        "1, 399, 100, false",
        "5000, 6000, 2000, false",
        "5000, 6001, 2000, true"
    })
    void aBatchIsFullWhenItIsLargeAndTheCommitIsAFifthOfTheTime(long records, long ageMs, long costMs, boolean isFull) {
        assertThat(OPTIONS.isFull(records, Duration.ofMillis(ageMs), Duration.ofMillis(costMs)))
                .isEqualTo(isFull);
    }
}
