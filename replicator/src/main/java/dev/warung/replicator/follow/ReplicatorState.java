package dev.warung.replicator.follow;

import java.util.Locale;

/** What the replicator is doing. */
public enum ReplicatorState {
    STARTING("is starting"),
    WAITING("waits for capture to write the log"),
    BOOTSTRAPPING("builds the backup from the compacted topics"),
    FOLLOWING("follows the log"),
    HELD("stands still for a verification"),
    FAILED("has failed and tries again");

    private final String says;

    ReplicatorState(String says) {
        this.says = says;
    }

    /** In a sentence about the replicator. */
    public String says() {
        return says;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
