package dev.warung.outlet.simulation;

import dev.warung.core.change.ChangeId;
import dev.warung.core.upload.RowImage;
import dev.warung.outlet.simulation.Server.Row;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The rows of one shape as they are to be where an outlet says that it stands. */
final class FeedModel {

    private final ShapeLog log;
    private final int number;
    private final Map<Row, RowImage> rows = new HashMap<>();
    private int next;
    private ChangeId end = ChangeId.NONE;

    /** @param number of the outlet's feed */
    FeedModel(ShapeLog log, int number) {
        this.log = log;
        this.number = number;
    }

    FeedModel copy() {
        FeedModel copy = new FeedModel(log, number);
        copy.rows.putAll(rows);
        copy.next = next;
        copy.end = end;
        return copy;
    }

    int number() {
        return number;
    }

    ShapeLog log() {
        return log;
    }

    ChangeId end() {
        return end;
    }

    Map<Row, RowImage> rows() {
        return rows;
    }

    Optional<RowImage> find(Row row) {
        return Optional.ofNullable(rows.get(row));
    }

    /** Reads on to an end mark. */
    void advance(ChangeId target, Consumer<ShapeLog.Said> said) {
        while (!end.equals(target)) {
            if (next >= log.committedEnd()) {
                throw new Violation("I7", log.topic() + " has no end mark " + target + " that can be read");
            }
            log.entry(next).ifPresent(entry -> {
                if (entry instanceof ShapeLog.Said row) {
                    row.image().ifPresentOrElse(image -> rows.put(row.row(), image), () -> rows.remove(row.row()));
                    said.accept(row);
                } else {
                    end = entry.id();
                }
            });
            next++;
        }
    }
}
