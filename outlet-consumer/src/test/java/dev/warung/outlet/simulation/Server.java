package dev.warung.outlet.simulation;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.ShapeSchema.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A database in memory, with transactions, savepoints, and a log of what was committed. */
final class Server {

    private final Map<TableId, Map<List<Object>, RowImage>> tables = new LinkedHashMap<>();
    private final List<List<Change>> commits = new ArrayList<>();
    /** What undoes the open transaction, newest last. */
    private final List<Runnable> undo = new ArrayList<>();
    /** The rows as they were when the open transaction touched them first. */
    private final Map<Row, Optional<RowImage>> touched = new LinkedHashMap<>();

    private final Map<Row, WriteTime> times = new HashMap<>();
    private long ids;

    /** A row's place. */
    record Row(TableId table, List<Object> key) {}

    record Change(Row row, Optional<RowImage> before, Optional<RowImage> after) {}

    private record WriteTime(RowImage content, long atUs) {}

    Server() {
        Shop.TABLES.keySet().forEach(table -> tables.put(table, new LinkedHashMap<>()));
    }

    Optional<RowImage> find(Row row) {
        return Optional.ofNullable(table(row.table()).get(row.key()));
    }

    Collection<RowImage> rows(Table table) {
        return table(table.id()).values();
    }

    void put(Table table, RowImage row) {
        set(new Row(table.id(), Shop.key(table, row)), Optional.of(row));
    }

    void remove(Row row) {
        set(row, Optional.empty());
    }

    /** Sequences are not undone. */
    long nextId() {
        return ++ids;
    }

    /** When intake wrote the row; empty if somebody else has written it since. */
    Optional<Long> writtenAtUs(Row row) {
        WriteTime time = times.get(row);
        return time != null && find(row).filter(time.content()::equals).isPresent()
                ? Optional.of(time.atUs())
                : Optional.empty();
    }

    void noteTime(Row row, long atUs) {
        WriteTime before = times.get(row);
        undo.add(() -> {
            if (before == null) {
                times.remove(row);
            } else {
                times.put(row, before);
            }
        });
        find(row).ifPresent(content -> times.put(row, new WriteTime(content, atUs)));
    }

    /** A place to which the open transaction can be undone. */
    int mark() {
        return undo.size();
    }

    void undoTo(int mark) {
        while (undo.size() > mark) {
            undo.remove(undo.size() - 1).run();
        }
    }

    void rollback() {
        undoTo(0);
        touched.clear();
    }

    /** @return what has changed; it is the newest of {@link #commits} */
    List<Change> commit() {
        List<Change> changes = new ArrayList<>();
        touched.forEach((row, before) -> {
            Optional<RowImage> after = find(row);
            if (!Objects.equals(before, after)) {
                changes.add(new Change(row, before, after));
            }
        });
        undo.clear();
        touched.clear();
        commits.add(changes);
        return changes;
    }

    /** What each transaction has changed, in order. */
    List<List<Change>> commits() {
        return commits;
    }

    private void set(Row row, Optional<RowImage> image) {
        Map<List<Object>, RowImage> table = table(row.table());
        Optional<RowImage> before = Optional.ofNullable(table.get(row.key()));
        touched.putIfAbsent(row, before);
        undo.add(() -> write(table, row, before));
        write(table, row, image);
    }

    private static void write(Map<List<Object>, RowImage> table, Row row, Optional<RowImage> image) {
        if (image.isPresent()) {
            table.put(row.key(), image.get());
        } else {
            table.remove(row.key());
        }
    }

    private Map<List<Object>, RowImage> table(TableId id) {
        return tables.getOrDefault(id, Map.of());
    }
}
