package dev.warung.bench.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/** Takes the time and the processes' CPU between a start and an end. */
public final class Meter {
    private static final double NANOS = 1e9;

    private final Map<String, Long> processes = new LinkedHashMap<>();
    private Map<String, Double> cpuBefore = Map.of();
    private long startedAt;

    /** What was measured; the processes in the order in which they were named. */
    public record Reading(double seconds, Map<String, Double> cpuSeconds) {}

    /** A process whose CPU is of interest. */
    public Meter with(String role, long pid) {
        processes.put(role, pid);
        return this;
    }

    public Meter start() {
        cpuBefore = cpu(processes);
        startedAt = System.nanoTime();
        return this;
    }

    public Reading stop() {
        double seconds = (System.nanoTime() - startedAt) / NANOS;
        Map<String, Double> used = cpu(processes);
        used.replaceAll((role, after) -> after - cpuBefore.getOrDefault(role, 0.0));
        return new Reading(seconds, used);
    }

    private static Map<String, Double> cpu(Map<String, Long> processes) {
        Map<String, Double> cpu = new LinkedHashMap<>();
        processes.forEach((role, pid) -> cpu.put(role, ProcessUsage.cpuSeconds(pid)));
        return cpu;
    }
}
