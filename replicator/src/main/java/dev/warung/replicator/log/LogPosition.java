package dev.warung.replicator.log;

import dev.warung.core.change.ChangeId;
import java.util.Map;

/**
 * Where a reader stands in the log.
 *
 * @param commitsOffset offset in the commits topic from which to read on
 * @param chain last change id of the commit record before that offset
 * @param applied the last change already applied: what is not after it is skipped
 * @param ends for each topic in use, the offset up to which it has been read; a hint for where to fetch, not an authority
 */
public record LogPosition(long commitsOffset, ChangeId chain, ChangeId applied, Map<String, Long> ends) {
    public LogPosition {
        ends = Map.copyOf(ends);
    }
}
