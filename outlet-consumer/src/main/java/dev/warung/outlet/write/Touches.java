package dev.warung.outlet.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened to each row, read from the journal.
 *
 * <p>A row's entries are put in the order of what was done to it: one after the other says what stood in the row before each write, and so
 * what stood there after the one before. Two entries of one insert become one, and a new row's entry, which is written when triggers of
 * the application may already have changed the row, goes before theirs.
 */
final class Touches {

    /** The entries of one row, in the order in which it was written. */
    private final List<Touch> touches = new ArrayList<>();

    private int lifeBegins;
    private boolean isOccupied;

    private Touches() {}

    /**
     * One write of one row.
     *
     * @param order among all writes
     */
    record Touch(long order, JournalEntry entry) {}

    /** @param key as the journal has it */
    record Row(int table, String key) {}

    /** The writes of each row, in order. */
    static Map<Row, List<Touch>> of(List<JournalEntry> journal) {
        Map<Row, Touches> rows = new HashMap<>();
        Touches updated = new Touches();
        for (JournalEntry entry : journal) {
            Touches touches = rows.computeIfAbsent(new Row(entry.table(), entry.key()), r -> new Touches());
            touches.add(entry);
            if (entry.kind().equals(CaptureTriggers.UPDATED)) {
                updated = touches;
            } else if (entry.kind().equals(CaptureTriggers.MOVED)) {
                updated.leave();
            }
        }
        Map<Row, List<Touch>> all = new HashMap<>();
        rows.forEach((row, touches) -> all.put(row, touches.touches));
        return all;
    }

    /** The row that was updated last has got another key: whatever comes here is another row. */
    private void leave() {
        lifeBegins = touches.size();
    }

    private void add(JournalEntry entry) {
        long order = 2 * entry.seq();
        switch (entry.kind()) {
            case CaptureTriggers.OCCUPANT -> {
                isOccupied = true;
                touches.add(new Touch(order, entry));
            }
            case CaptureTriggers.DELETED -> {
                // One that gives way to an insert is noted twice by a connection with recursive triggers.
                if (!isOccupied) {
                    touches.add(new Touch(order, entry));
                    lifeBegins = touches.size();
                }
            }
            case CaptureTriggers.INSERTED, CaptureTriggers.MOVED -> {
                if (isOccupied) {
                    // It has taken the place of the row that was noted before.
                    isOccupied = false;
                } else if (lifeBegins < touches.size()) {
                    touches.add(lifeBegins, new Touch(touches.get(lifeBegins).order() - 1, entry));
                } else {
                    touches.add(new Touch(order, entry));
                }
            }
            default -> touches.add(new Touch(order, entry));
        }
    }
}
