package dev.warung.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessUsageTest {
    @Test
    void cpuIsUserAndSystemTimeEvenIfTheNameHoldsSpacesAndParentheses() {
        String stat = "4711 (post) gres: wal (x) S 1 4711 4711 0 -1 4194560 900 0 3 0 250 125 0 0 20 0 1 0 99 1 2";

        assertThat(ProcessUsage.cpuSeconds(stat)).isEqualTo(3.75);
    }

    @Test
    void peakRssIsTheHighWaterMarkInBytes() {
        assertThat(ProcessUsage.peakRssBytes(List.of("Name:\tjava", "VmPeak:\t 9999 kB", "VmHWM:\t  1024 kB")))
                .isEqualTo(1 << 20);
    }

    @Test
    void statusOfAProcessThatHasEndedHasNoPeak() {
        assertThatThrownBy(() -> ProcessUsage.peakRssBytes(List.of("Name:\tjava", "State:\tZ (zombie)")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
