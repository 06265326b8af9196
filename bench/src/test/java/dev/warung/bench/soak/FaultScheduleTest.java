package dev.warung.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FaultScheduleTest {
    @Test
    void aSeedAlwaysGivesTheSameFaults() {
        assertThat(groups(7, 200)).isEqualTo(groups(7, 200)).isNotEqualTo(groups(8, 200));
    }

    @Test
    void eachKindComesBeforeAnyIsDrawnByWeight() {
        List<FaultKind> kinds = groups(3, 100).stream()
                .flatMap(List::stream)
                .map(PlannedFault::kind)
                .toList();

        assertThat(groups(3, FaultKind.values().length))
                .flatExtracting(group -> group)
                .extracting(PlannedFault::kind)
                .contains(FaultKind.values());
        assertThat(kinds).hasSizeGreaterThan(150);
    }

    @Test
    void faultsThatOverlapHitDifferentParts() {
        assertThat(groups(1, 500))
                .allSatisfy(group -> assertThat(group)
                        .extracting(fault -> fault.kind().part())
                        .doesNotHaveDuplicates());
    }

    @Test
    void aFaultThatMustBeNoticedComesAlone() {
        assertThat(groups(1, 500))
                .filteredOn(
                        group -> group.stream().anyMatch(fault -> fault.kind().isAlone()))
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group).hasSize(1));
    }

    @Test
    void durationsStayInTheirLimits() {
        assertThat(groups(1, 500))
                .flatExtracting(group -> group)
                .allSatisfy(fault -> assertThat(fault.lastsMs())
                        .isBetween(fault.kind().shortestMs(), fault.kind().longestMs()));
    }

    private static List<List<PlannedFault>> groups(long seed, int count) {
        FaultSchedule schedule = new FaultSchedule(seed);
        return Stream.generate(schedule::next).limit(count).toList();
    }
}
