package dev.warung.outlet.link;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.outlet.replica.Staged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records of a live feed that have been read and are in no table yet, and where the last whole transaction among them ends. */
final class Pending {

    private List<Staged> records = new ArrayList<>();
    private int bytes;
    private int whole;
    private @Nullable Mark mark;

    /**
     * An end mark that has been read.
     *
     * @param id of the record, which is the highest up to there
     * @param offset behind it
     */
    record Mark(ShapeRecord.End end, ChangeId id, long offset) {}

    void add(Staged staged) {
        records.add(staged);
        bytes += staged.bytes();
    }

    /** The record that was added last ends a transaction. */
    void ends(Mark newMark) {
        whole = records.size();
        mark = newMark;
    }

    /** The last end mark read: here, or among what was staged last if nothing has come since. */
    Optional<Mark> mark() {
        return Optional.ofNullable(mark);
    }

    /** Whether nothing has been read after the last end mark. */
    boolean isAtMark() {
        return mark != null && whole == records.size();
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    int bytes() {
        return bytes;
    }

    /** Hands over the records of whole transactions; the others stay. */
    List<Staged> takeWhole() {
        List<Staged> taken = records.subList(0, whole);
        List<Staged> rest = new ArrayList<>(records.subList(whole, records.size()));
        clear();
        rest.forEach(this::add);
        return taken;
    }

    /** Hands over all, to be staged; the last end mark is only known on if nothing came after it. */
    List<Staged> takeAll() {
        List<Staged> taken = records;
        Mark last = isAtMark() ? mark : null;
        clear();
        mark = last;
        return taken;
    }

    private void clear() {
        records = new ArrayList<>();
        bytes = 0;
        whole = 0;
        mark = null;
    }
}
