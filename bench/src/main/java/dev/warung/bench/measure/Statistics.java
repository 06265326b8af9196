package dev.warung.bench.measure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Medians and percentiles. */
public final class Statistics {
    private Statistics() {}

    /** The middle value; of an even number of values the mean of the two in the middle. */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values, so no median");
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    public static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
        return median(runs.stream().mapToDouble(figure).boxed().toList());
    }

    /**
     * For each name the median of what the runs have for it; a run that lacks a name has 0.
     *
     * @param factor what a run's values are multiplied with
     */
    public static <T> Map<String, Double> medians(
            List<T> runs, Function<T, Map<String, Double>> values, ToDoubleFunction<T> factor) {
        Map<String, Double> medians = new LinkedHashMap<>();
        runs.forEach(run -> values.apply(run).keySet().forEach(name -> medians.put(name, 0.0)));
        medians.replaceAll((name, unset) ->
                median(runs, run -> values.apply(run).getOrDefault(name, 0.0) * factor.applyAsDouble(run)));
        return medians;
    }

    /**
     * The smallest value that is at or above this share of all values (nearest rank): always a value that was measured.
     *
     * @param share above 0, at most 1; 1 is the maximum
     */
    public static long percentile(long[] values, double share) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values, so no percentile");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is above 0 and at most 1, not " + share);
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
