package dev.warung.bench;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.stage.BenchSetup;

/**
 * What every benchmark is told.
 *
 * @param runs measured ones; each figure is their median
 */
public record BenchOptions(BenchSetup setup, int runs) {
    public BenchOptions {
        if (runs < 1) {
            throw new BenchException("--runs must be at least 1");
        }
    }
}
