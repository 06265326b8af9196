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
    void metricsOfRepeatedRowsAndVariablesAreTold() throws IOException {
        assertThat(DashboardQueries.metrics("rate(records_total{outlet=~\"$outlet\"}[1m])"))
                .containsExactly("records_total");
        assertThat(DashboardQueries.metrics("topk(10, time() - seen_seconds)")).containsExactly("seen_seconds");
        assertThat(DashboardQueries.all()).contains("cdc_outlet_behind_rows");
    }

    @Test
    void everyVariableIsDeclaredAndUsed() throws IOException {
        assertThat(DashboardQueries.usedVariables()).isEqualTo(DashboardQueries.variables());
    }

    @Test
    void everyQueryNamesAMetric() throws IOException {
        assertThat(DashboardQueries.all())
                .isNotEmpty()
                .allSatisfy(query ->
                        assertThat(DashboardQueries.metrics(query)).as(query).isNotEmpty());
    }
}
