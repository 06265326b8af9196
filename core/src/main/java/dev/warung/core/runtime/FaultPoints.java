package dev.warung.core.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named places where a test may kill this process, as a power cut would.
 *
 * <p>Off unless the system property {@code warung.fault} says {@code name:n}: the n-th hit of that name halts the JVM at once, with
 * no shutdown hooks and no flush.
 */
public final class FaultPoints {

    /** The exit status of a halted process, so that a test can tell it from any other end. */
    public static final int EXIT_STATUS = 86;

    private static final String PROPERTY = "warung.fault";
    private static final String NAME;
    private static final int HIT;
    private static final AtomicInteger HITS = new AtomicInteger();

    static {
        String[] parts = System.getProperty(PROPERTY, "").split(":", -1);
        NAME = parts[0];
        HIT = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
    }

    private FaultPoints() {}

    public static void hit(String name) {
        if (!NAME.isEmpty() && NAME.equals(name) && HITS.incrementAndGet() == HIT) {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }
}
