package dev.warung.replicator.log;

/**
 * The log no longer holds what lies between this replica and now (a hole from compaction, a position that expired, a topic that was
 * created anew), so the replica must be rebuilt from the compacted topics.
 */
public final class ResyncNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ResyncNeededException(String reason) {
        super(reason);
    }
}
