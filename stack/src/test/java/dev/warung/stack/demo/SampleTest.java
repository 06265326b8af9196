package dev.warung.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.stack.retail.Workload;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final TableCounts.Count COUNT = new TableCounts.Count(1_200, -1);

    @Test
    void ratesAreDifferencesByTheSecond() throws Exception {
        Sample before = sample(10, 100, "{\"changesTotal\":1000}");
        Sample now = sample(12, 500, "{\"changesTotal\":3000,\"state\":\"following\",\"latency\":{\"p50Ms\":12.4}}");

        assertThat(now.transactionsPerSecond(before)).isEqualTo(200);
        assertThat(now.appliedPerSecond(before)).hasValue(1_000);
        assertThat(now.capturedPerSecond(before)).isEmpty();
        assertThat(Texts.replicator(now, before)).contains("following").contains("1,000 rows/s");
        assertThat(Texts.latency(now)).isEqualTo("p50 12 ms   p99 -");
    }

    @Test
    void tableThatTheBackupDoesNotHaveYetIsSaidToBeMissing() throws Exception {
        assertThat(String.join("\n", Texts.tables(sample(1, 1, "{}").tables())))
                .contains("produk")
                .contains("1,200")
                .contains("not yet");
    }

    private static Sample sample(double seconds, long committed, String replicator) throws Exception {
        return new Sample(
                seconds,
                new Workload.Counts(committed, 0, 0),
                new RoleView(Optional.empty()),
                new RoleView(Optional.of(new ObjectMapper().readTree(replicator))),
                Map.of("produk", COUNT));
    }
}
