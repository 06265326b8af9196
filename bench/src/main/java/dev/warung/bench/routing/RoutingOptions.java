package dev.warung.bench.routing;

import dev.warung.bench.measure.BenchException;
import java.time.Duration;
import java.util.List;

/**
 * What {@code warung bench routing} measures.
 *
 * @param instances numbers of shape instances on an equality parameter
 * @param clauses number of clauses that no look-up helps with
 * @param length of each run of each case
 */
public record RoutingOptions(List<Integer> instances, int clauses, Duration length, int runs) {
    public RoutingOptions {
        instances = List.copyOf(instances);
        if (instances.isEmpty() || instances.stream().anyMatch(n -> n < 1) || clauses < 1 || runs < 1) {
            throw new BenchException("--instances, --clauses and --runs must be at least 1");
        }
    }
}
