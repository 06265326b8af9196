package dev.warung.stack.demo;

import dev.warung.stack.pipeline.StackOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * How the demo runs.
 *
 * @param length how long the shops work; empty until Ctrl-C
 * @param rate transactions a second
 * @param seed of the shops' choices
 */
public record DemoOptions(StackOptions stack, Optional<Duration> length, int rate, long seed, boolean json) {}
