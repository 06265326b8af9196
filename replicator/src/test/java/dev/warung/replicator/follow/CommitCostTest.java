package dev.warung.replicator.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitCostTest {

    private final CommitCost cost = new CommitCost();

    @Test
    void aSlowCommitToFewTopicsIsNoReasonToGather() {
        cost.took(Duration.ofSeconds(3), 20);
        assertThat(cost.of(20)).isZero();
        assertThat(cost.of(1_000)).isEqualTo(Duration.ofMillis(150));
    }

    @Test
    void costGrowsWithTheTopicsAndFollowsWhatCommitsTook() {
        assertThat(cost.of(5_000)).isEqualTo(Duration.ofMillis(750));
        cost.took(Duration.ofMillis(1_250), 5_000);
        assertThat(cost.of(5_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(cost.of(1_000)).isEqualTo(Duration.ofMillis(200));
    }
}
