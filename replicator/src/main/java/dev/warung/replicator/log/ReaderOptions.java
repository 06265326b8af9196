package dev.warung.replicator.log;

import dev.warung.core.wire.Topics;

/**
 * How to read the log.
 *
 * @param bufferBytesMax fetched and not yet applied bytes; one record and one fetch per needed topic may come on top
 * @param coverage whether each record that a commit record counts must be there
 */
public record ReaderOptions(Topics topics, long bufferBytesMax, Coverage coverage) {

    /** What to do when compaction has removed records that a commit record covers. */
    public enum Coverage {
        /** Every commit must be reproduced: {@link ResyncNeededException}. */
        EXACT,
        /** Note it and go on: the replica is out of sight until it has read what replaced them. */
        COMPACTED
    }
}
