package dev.warung.bench.soak;

import dev.warung.bench.stage.BenchSetup;
import java.time.Duration;

/**
 * What is soaked.
 *
 * @param seed of faults and load
 * @param length no fault begins later
 * @param faultsMax it ends earlier when it has made that many
 */
public record SoakOptions(BenchSetup setup, long seed, Duration length, int faultsMax) {}
