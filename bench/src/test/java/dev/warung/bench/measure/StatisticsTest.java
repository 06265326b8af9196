package dev.warung.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
    @Test
    void medianOfAnOddNumberIsTheMiddleValueWhateverTheOrder() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Statistics.median(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(3);
    }

    @Test
    void medianOfOneValueIsThatValue() {
        assertThat(Statistics.median(List.of(7.5))).isEqualTo(7.5);
    }

    @Test
    void nothingHasNoMedianAndNoPercentile() {
        assertThatThrownBy(() -> Statistics.median(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Statistics.percentile(new long[0], 0.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void percentilesAreMeasuredValuesByNearestRank() {
        long[] oneToHundred = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();

        assertThat(Statistics.percentile(oneToHundred, 0.5)).isEqualTo(50);
        assertThat(Statistics.percentile(oneToHundred, 0.9)).isEqualTo(90);
        assertThat(Statistics.percentile(oneToHundred, 0.99)).isEqualTo(99);
        assertThat(Statistics.percentile(oneToHundred, 1)).isEqualTo(100);
    }

    @Test
    void percentileOfFewValuesIsTheNextHigherOne() {
        assertThat(Statistics.percentile(new long[] {10, 20, 30}, 0.5)).isEqualTo(20);
        assertThat(Statistics.percentile(new long[] {10, 20, 30}, 0.99)).isEqualTo(30);
        assertThat(Statistics.percentile(new long[] {10}, 0.01)).isEqualTo(10);
    }

    @Test
    void percentileLeavesItsValuesInTheirOrder() {
        long[] values = {3, 1, 2};

        Statistics.percentile(values, 0.5);

        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void shareOutsideOfZeroToOneIsRefused() {
        assertThatThrownBy(() -> Statistics.percentile(new long[] {1}, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Statistics.percentile(new long[] {1}, 99))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Statistics.percentile(new long[] {1}, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
