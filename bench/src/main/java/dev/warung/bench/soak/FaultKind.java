package dev.warung.bench.soak;

import java.util.Locale;

/** What can happen to a pipeline, how often against the others, and for how long. */
enum FaultKind {
    KILL_CAPTURE(Part.CAPTURE, 8, 0, 1500, "kill -9 of capture"),
    KILL_REPLICATOR(Part.REPLICATOR, 6, 0, 1500, "kill -9 of the replicator"),
    KILL_BROKER(Part.BROKER, 5, 0, 1500, "kill -9 of the broker"),
    KILL_POSTGRES(Part.POSTGRES, 5, 0, 1500, "kill -9 of PostgreSQL"),
    RESTART_CAPTURE(Part.CAPTURE, 2, 0, 1500, "stop and start of capture"),
    RESTART_REPLICATOR(Part.REPLICATOR, 2, 0, 1500, "stop and start of the replicator"),
    RESTART_BROKER(Part.BROKER, 2, 0, 1500, "stop and start of the broker"),
    RESTART_POSTGRES(Part.POSTGRES, 2, 0, 1500, "stop and start of PostgreSQL"),
    PAUSE_CAPTURE(Part.CAPTURE, 3, 1000, 12_000, "SIGSTOP of capture"),
    PAUSE_REPLICATOR(Part.REPLICATOR, 3, 1000, 12_000, "SIGSTOP of the replicator"),
    PAUSE_BROKER(Part.BROKER, 3, 1000, 12_000, "SIGSTOP of the broker"),
    PAUSE_WALSENDER(Part.POSTGRES, 3, 1000, 12_000, "SIGSTOP of the walsender"),
    TERMINATE_WALSENDER(Part.POSTGRES, 6, 0, 0, "pg_terminate_backend of the walsender"),
    SLOW_REPLICATOR_DISK(Part.REPLICATOR, 3, 1000, 6000, "slow disk of the replicator"),
    SLOW_BROKER_DISK(Part.BROKER, 2, 1000, 6000, "slow disk of the broker"),
    SLOW_POSTGRES_DISK(Part.POSTGRES, 2, 1000, 6000, "slow disk of PostgreSQL"),
    STALLED_REPLICATOR_DISK(Part.REPLICATOR, 2, 500, 6000, "stalled disk of the replicator"),
    STALLED_BROKER_DISK(Part.BROKER, 2, 500, 6000, "stalled disk of the broker"),
    STALLED_POSTGRES_DISK(Part.POSTGRES, 2, 500, 6000, "stalled disk of PostgreSQL"),
    /** The role must notice first, so nothing else may keep changes from it. */
    FULL_REPLICATOR_DISK(Part.REPLICATOR, 1, 0, 1500, "full disk of the replicator"),
    FULL_BROKER_DISK(Part.BROKER, 1, 0, 1500, "full disk of the broker"),
    /** SIGSTOP of the capture that holds the slot until its standby has taken over, then SIGCONT. */
    TAKEOVER(Part.CAPTURE, 1, 0, 2000, "SIGSTOP of capture until a standby streams");

    private final Part part;
    private final int weight;
    private final int shortestMs;
    private final int longestMs;
    private final String says;

    FaultKind(Part part, int weight, int shortestMs, int longestMs, String says) {
        this.part = part;
        this.weight = weight;
        this.shortestMs = shortestMs;
        this.longestMs = longestMs;
        this.says = says;
    }

    Part part() {
        return part;
    }

    /** How often it is drawn, against the sum of all. */
    int weight() {
        return weight;
    }

    int shortestMs() {
        return shortestMs;
    }

    int longestMs() {
        return longestMs;
    }

    /** Whether the pipeline is left in peace otherwise while it lasts. */
    boolean isAlone() {
        return this == FULL_REPLICATOR_DISK || this == FULL_BROKER_DISK || this == TAKEOVER;
    }

    /** For people. */
    String says() {
        return says;
    }

    /** For machines. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
