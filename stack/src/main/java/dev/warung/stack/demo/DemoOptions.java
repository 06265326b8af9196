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
 * @param outlets how many outlets run beside, each with a SQLite file of its own
 */
public record DemoOptions(
        StackOptions stack, Optional<Duration> length, int rate, long seed, int outlets, boolean json) {}
