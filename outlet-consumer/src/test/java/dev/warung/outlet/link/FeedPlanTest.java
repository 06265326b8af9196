package dev.warung.outlet.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedPlanTest {

    private static final OutletRecord.Feed CATALOG = source("catalog", "t1");
    private static final OutletRecord.Feed BRANCH = source("branch", "t2");
    private static final OutletRecord.Feed BRANCH_ANEW = source("branch", "t3");

    @Test
    void aNewOutletReadsEverything() {
        FeedPlan plan = FeedPlan.of(outlet(true, 1, CATALOG, BRANCH), 0, List.of());

        assertThat(plan.begin()).containsExactly(CATALOG, BRANCH);
        assertThat(plan.gone()).isEmpty();
    }

    @Test
    void whatIsThereIsReadOn() {
        List<Feed> feeds = List.of(feed(1, CATALOG, Phase.LIVE), feed(2, BRANCH, Phase.FILLING));

        assertThat(FeedPlan.of(outlet(true, 1, CATALOG, BRANCH), 1, feeds).isEmpty())
                .isTrue();
        assertThat(FeedPlan.toRead(outlet(true, 1, CATALOG, BRANCH), feeds)).isEqualTo(feeds);
    }

    @Test
    void rowsOfAShapeStayUntilItsNewGenerationIsComplete() {
        FeedPlan plan = FeedPlan.of(outlet(true, 1, BRANCH_ANEW), 1, List.of(feed(1, BRANCH, Phase.LIVE)));

        assertThat(plan.begin()).containsExactly(BRANCH_ANEW);
        assertThat(plan.gone()).isEmpty();
    }

    @Test
    void aShapeThatIsNotListedGoesAndItsFillingIsAbandoned() {
        Feed live = feed(1, CATALOG, Phase.LIVE);
        Feed filling = feed(2, BRANCH, Phase.FILLING);

        FeedPlan plan = FeedPlan.of(outlet(true, 1), 1, List.of(live, filling));

        assertThat(plan.gone()).containsExactly(live);
        assertThat(plan.abandon()).containsExactly(filling);
    }

    @Test
    void aGrownGenerationReadsTheSameTopicsAnew() {
        Feed live = feed(1, CATALOG, Phase.LIVE);
        Feed filling = feed(2, BRANCH, Phase.FILLING);

        FeedPlan plan = FeedPlan.of(outlet(true, 2, CATALOG, BRANCH), 1, List.of(live, filling));

        assertThat(plan.begin()).containsExactly(CATALOG, BRANCH);
        assertThat(plan.abandon()).containsExactly(filling);
        assertThat(plan.gone()).isEmpty();
    }

    @Test
    void aTopicIsReadByItsNewFeedOnly() {
        Feed old = feed(1, CATALOG, Phase.LIVE);
        Feed anew = feed(3, CATALOG, Phase.FILLING);

        assertThat(FeedPlan.toRead(outlet(true, 2, CATALOG), List.of(old, anew)))
                .containsExactly(anew);
    }

    @Test
    void aDisabledOutletKeepsWhatIsListedAndReadsNothing() {
        Feed live = feed(1, CATALOG, Phase.LIVE);

        assertThat(FeedPlan.of(outlet(false, 1, CATALOG, BRANCH), 1, List.of(live))
                        .isEmpty())
                .isTrue();
        assertThat(FeedPlan.toRead(outlet(false, 1, CATALOG), List.of(live))).isEmpty();
    }

    private static OutletRecord.Feed source(String shape, String topic) {
        return new OutletRecord.Feed(shape, topic, "id-" + topic, 1);
    }

    private static OutletRecord outlet(boolean enabled, int generation, OutletRecord.Feed... shapes) {
        return new OutletRecord("id", "toko-1", "Toko", Map.of(), enabled, generation, List.of(shapes), List.of());
    }

    private static Feed feed(int number, OutletRecord.Feed source, Phase phase) {
        ShapeRecord.End none = new ShapeRecord.End(ChangeId.NONE, Lsn.ZERO, 0);
        return new Feed(number, source, phase, Optional.empty(), new Feed.Progress(0, ChangeId.NONE, none, 0, 0, 0));
    }
}
