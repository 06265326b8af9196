package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.outlet.replica.BaseStore.Base;
import dev.warung.outlet.replica.BaseStore.Link;
import dev.warung.outlet.replica.OpStore.StoredOp;
import dev.warung.outlet.write.KeyText;
import dev.warung.outlet.write.LocalIds;
import dev.warung.outlet.write.Overlay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lifts ops off rows, so that the server's own row stands in its table, and lays them over it again.
 *
 * <p>A row that may have the effect of an uploaded op already, whose result is not here yet, is not shown at once: a difference would be
 * added twice, and a row that got its id from the server would be there twice. It <em>waits</em> until all feeds have come to where they
 * ended when Kafka was asked later: then the result is here too, or the row did not have the effect.
 *
 * <p>Used only by the outlet thread.
 */
final class Laying {

    private final OpStore ops;
    private final BaseStore bases;
    private final Function<TableId, Optional<TableRows>> tables;
    private final Map<TableId, WritableTable> writable = new HashMap<>();
    private LocalIds ids = new LocalIds(List.of());
    /** Rows lifted in the open transaction. */
    private final Map<Link, Lifted> lifted = new LinkedHashMap<>();

    private final Set<TableId> withBases = new HashSet<>();
    private final Map<TableId, Boolean> awaitsIds = new HashMap<>();
    private long asks;

    /**
     * A row that was lifted.
     *
     * @param shown what could be seen before
     * @param isTold whether a feed says something about it
     * @param isNew whether nothing was known of it
     */
    private record Lifted(Optional<RowImage> shown, boolean isTold, boolean isNew, long waits, long since) {}

    Laying(OpStore ops, BaseStore bases, Function<TableId, Optional<TableRows>> tables) {
        this.ops = ops;
        this.bases = bases;
        this.tables = tables;
        bases.startAsking();
        refresh();
    }

    /** What is known of the tables that take writes. */
    void allow(Collection<WritableTable> tablesNow) {
        writable.clear();
        tablesNow.forEach(table -> writable.put(table.table(), table));
        ids = new LocalIds(tablesNow);
        refresh();
    }

    /** The column of a table whose values the server gives out. */
    Optional<String> assigned(TableId table) {
        return Optional.ofNullable(writable.get(table)).flatMap(WritableTable::assigned);
    }

    LocalIds ids() {
        return ids;
    }

    /** Ops or bases have come or gone. */
    void refresh() {
        withBases.clear();
        withBases.addAll(bases.tables());
        awaitsIds.clear();
    }

    boolean isAny() {
        return !withBases.isEmpty();
    }

    /** Whether rows of this table may have to be lifted. */
    boolean concerns(TableId table) {
        return isAny() && (withBases.contains(table) || awaitsIds(table));
    }

    void beforeRow(TableId table, @Nullable Object[] key) {
        TableRows rows = tables.apply(table).orElseThrow();
        String rowKey = rows.values().keyText(key);
        Link row = new Link(table, rowKey);
        if (lift(row, true) || lifted.containsKey(row)) {
            return;
        }
        if (awaitsIds(table) && rows.find(rowKey).isEmpty()) {
            lifted.put(row, new Lifted(Optional.empty(), true, true, 0, 0));
        }
    }

    void liftAll(TableId table) {
        bases.keys(table).forEach(key -> lift(new Link(table, key), true));
    }

    /** Ops of this row have come or gone: what can be seen of it is found anew. */
    void touch(Link row) {
        if (tables.apply(row.table()).isEmpty() || lift(row, false) || lifted.containsKey(row)) {
            return;
        }
        if (ops.hasOpen(row.table(), row.rowKey())) {
            Optional<RowImage> shown = shown(row);
            bases.put(row.table(), row.rowKey(), new Base(shown, 0, 0));
            withBases.add(row.table());
            lifted.put(row, new Lifted(shown, false, false, 0, 0));
        }
    }

    /** The same, and the row waits for nothing: what it is has become known. */
    void reveal(Link row) {
        touch(row);
        lifted.computeIfPresent(row, (r, was) -> new Lifted(was.shown(), false, false, 0, 0));
    }

    /** Lays the ops over what was lifted. No row waits in a writer. */
    void finish() {
        if (lifted.isEmpty()) {
            return;
        }
        Map<Link, Lifted> all = new LinkedHashMap<>(lifted);
        lifted.clear();
        all.forEach(this::lay);
        refresh();
    }

    /** The server's own rows stand in the table from now on, and no more is known. */
    void strip(TableId table) {
        tables.apply(table).ifPresent(rows -> {
            for (String key : bases.keys(table)) {
                rows.set(key, bases.find(table, key).flatMap(Base::row));
            }
        });
        bases.removeAll(table);
    }

    /** The table has the server's own rows: its ops are laid over them. */
    void layAgain(TableId table) {
        for (String key : ops.openKeys(table)) {
            Link row = new Link(table, key);
            Optional<RowImage> base = shown(row);
            bases.put(table, key, new Base(base, 0, 0));
            show(row, base, overlay(table).visible(base, opsOf(row)));
        }
    }

    /** Kafka is being asked where the feeds end: the question's number. */
    long ask() {
        return ++asks;
    }

    boolean isAnyWaiting() {
        return !withBases.isEmpty() && bases.isAnyWaiting();
    }

    /** All feeds are where they ended at that question. */
    void answered(long ask) {
        for (Link row : bases.waiting(ask)) {
            lift(row, false);
            lifted.computeIfPresent(row, (r, was) -> new Lifted(was.shown(), was.isTold(), was.isNew(), 0, 0));
        }
    }

    /** The server's id in the place of a local one, wherever columns hold ids. */
    String rewriteKey(TableId table, String rowKey) {
        TableRows rows = tables.apply(table).orElseThrow();
        RowImage key = rows.values().keyRow(rowKey);
        return KeyText.of(new ArrayList<>(rewrite(table, key).values().values()));
    }

    Overlay overlay(TableId table) {
        WritableTable known = writable.get(table);
        return new Overlay(known == null ? Set.of() : Set.copyOf(known.delta()), image -> rewrite(table, image));
    }

    /** @return whether it was lifted now */
    private boolean lift(Link row, boolean isTold) {
        Lifted before = lifted.get(row);
        if (before != null) {
            lifted.put(
                    row,
                    new Lifted(
                            before.shown(), before.isTold() || isTold, before.isNew(), before.waits(), before.since()));
            return false;
        }
        Optional<Base> base = bases.find(row.table(), row.rowKey());
        if (base.isEmpty() || tables.apply(row.table()).isEmpty()) {
            return false;
        }
        Base known = base.get();
        Optional<RowImage> shown = shown(row);
        lifted.put(row, new Lifted(shown, isTold, false, known.waits(), known.since()));
        show(row, shown, known.row());
        return true;
    }

    private void lay(Link row, Lifted was) {
        Optional<RowImage> base = shown(row);
        List<StoredOp> open = ops.openOf(row.table(), row.rowKey());
        Overlay overlay = overlay(row.table());
        boolean mayHaveEffect =
                was.isTold() && (was.isNew() || open.stream().anyMatch(op -> op.wasSent() && overlay.addsUp(op.op())));
        long waits = mayHaveEffect ? asks + 1 : was.waits();
        if (waits > 0) {
            bases.put(row.table(), row.rowKey(), new Base(base, waits, was.since() > 0 ? was.since() : waits));
            show(row, base, was.shown());
        } else if (open.isEmpty()) {
            bases.remove(row.table(), row.rowKey());
        } else {
            bases.put(row.table(), row.rowKey(), new Base(base, 0, 0));
            show(
                    row,
                    base,
                    overlay.visible(base, open.stream().map(StoredOp::op).toList()));
        }
    }

    private List<UploadOp> opsOf(Link row) {
        return ops.openOf(row.table(), row.rowKey()).stream().map(StoredOp::op).toList();
    }

    private Optional<RowImage> shown(Link row) {
        return tables.apply(row.table()).orElseThrow().find(row.rowKey());
    }

    private void show(Link row, Optional<RowImage> there, Optional<RowImage> wanted) {
        TableRows rows = tables.apply(row.table()).orElseThrow();
        // Whatever ids the ops mention, this is the row that is written.
        Optional<RowImage> keyed = wanted.map(image -> withKey(rows, image, row.rowKey()));
        if (!there.equals(keyed)) {
            rows.set(row.rowKey(), keyed);
        }
    }

    private static RowImage withKey(TableRows rows, RowImage image, String rowKey) {
        RowImage key = rows.values().keyRow(rowKey);
        RowImage keyed = image;
        for (String column : key.columns()) {
            keyed = keyed.with(column, key.get(column));
        }
        return keyed;
    }

    private RowImage rewrite(TableId table, RowImage image) {
        RowImage rewritten = image;
        for (Map.Entry<String, TableId> column : ids.of(table).entrySet()) {
            Object value = image.get(column.getKey());
            if (value instanceof Long id && WritableTable.isLocalId(id)) {
                Long given = bases.serverId(column.getValue(), id);
                if (given != null) {
                    rewritten = rewritten.with(column.getKey(), given);
                }
            }
        }
        return rewritten;
    }

    private boolean awaitsIds(TableId table) {
        return !ids.of(table).isEmpty() && awaitsIds.computeIfAbsent(table, ops::awaitsIds);
    }
}
