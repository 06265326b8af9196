package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import java.util.Optional;

/**
 * One reading of a shape topic, with how far it has come. A topic that is read anew from its start is another feed, so the old rows stay
 * until the new ones are complete.
 *
 * @param number names its tables; never used twice
 * @param schema empty until the topic's first record has been read
 */
public record Feed(int number, OutletRecord.Feed source, Phase phase, Optional<ShapeSchema> schema, Progress progress) {

    /**
     * How far a feed has come.
     *
     * @param nextOffset all before it is in the file: in its tables or staged
     * @param newest the highest change id among the records read
     * @param end the last end mark in its tables
     * @param levelAtMs when it was last known that the topic held nothing else, milliseconds since 1970 by this device's clock; 0 if never
     * @param startedAtMs when it was begun
     * @param records read so far
     */
    public record Progress(
            long nextOffset, ChangeId newest, ShapeRecord.End end, long levelAtMs, long startedAtMs, long records) {

        /** Of a feed that begins. */
        static Progress begin(long nowMs) {
            return new Progress(0, ChangeId.NONE, new ShapeRecord.End(ChangeId.NONE, Lsn.ZERO, 0), 0, nowMs, 0);
        }

        public Progress withNext(long offset, ChangeId newestId, long recordsNow) {
            return new Progress(offset, newestId, end, levelAtMs, startedAtMs, recordsNow);
        }

        public Progress withEnd(ShapeRecord.End newEnd) {
            return new Progress(nextOffset, newest, newEnd, levelAtMs, startedAtMs, records);
        }

        public Progress withLevelAt(long ms) {
            return new Progress(nextOffset, newest, end, ms, startedAtMs, records);
        }
    }

    public String topic() {
        return source.topic();
    }

    public String shape() {
        return source.shape();
    }

    public boolean isLive() {
        return phase == Phase.LIVE;
    }

    public Feed with(Progress now) {
        return new Feed(number, source, phase, schema, now);
    }

    Feed with(Phase now) {
        return new Feed(number, source, now, schema, progress);
    }

    Feed with(ShapeSchema description) {
        return new Feed(number, source, phase, Optional.of(description), progress);
    }
}
