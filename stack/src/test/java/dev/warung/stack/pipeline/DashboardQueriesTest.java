package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DashboardQueriesTest {

    @Test
    void namesOfMetricsAreToldFromFunctionsLabelsAndRanges() {
        assertThat(DashboardQueries.metrics("histogram_quantile(0.99, sum by (le) (rate(latency_bucket[1m])))"))
                .containsExactly("latency_bucket");
        assertThat(DashboardQueries.metrics("ready or on (job) up{job!=\"prometheus\"}"))
                .containsExactly("ready", "up");
        assertThat(DashboardQueries.metrics("a_bytes - b_bytes * 1000")).containsExactly("a_bytes", "b_bytes");
    }

    @Test
    void everyQueryNamesAMetric() throws IOException {
        assertThat(DashboardQueries.all())
                .isNotEmpty()
                .allSatisfy(query ->
                        assertThat(DashboardQueries.metrics(query)).as(query).isNotEmpty());
    }
}
