package dev.warung.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says about a process, in {@code /proc}. */
public final class ProcessUsage {
    /** The unit of times in {@code /proc/PID/stat}: USER_HZ, 100 on every architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** Positions in {@code stat} after the name in parentheses, which may hold spaces. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final long KIB = 1024;

    private ProcessUsage() {}

    public static boolean isAvailable() {
        return Files.isReadable(Path.of("/proc/self/stat"));
    }

    /** User and system time of all threads, since the process began. */
    public static double cpuSeconds(long pid) {
        return cpuSeconds(read(pid, "stat").get(0));
    }

    static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
    }

    /** The most memory that it ever had resident (VmHWM): heap, metaspace, code, stacks, buffers and mapped files. */
    public static long peakRssBytes(long pid) {
        return peakRssBytes(read(pid, "status"));
    }

    static long peakRssBytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no VmHWM in " + status));
    }

    private static List<String> read(long pid, String file) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " cannot be measured", e);
        }
    }
}
