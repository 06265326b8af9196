package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.replica.TableLayout;
import dev.warung.core.wire.ShapeSchema;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts complete feeds in the place of others, in the open transaction: what nobody holds any more goes, readers see all of it or
 * nothing.
 *
 * <p>Used only by the outlet thread; no rows may wait in a writer.
 */
final class TableSwitch {

    private final Connection connection;
    private final TableStore tables;
    private final List<Feed> before;
    private final List<Feed> after;
    private final Set<Integer> fresh = new LinkedHashSet<>();

    /**
     * A switch.
     *
     * @param live all feeds that are visible now
     * @param filled feeds that become visible
     * @param gone those of the visible ones that go
     */
    TableSwitch(Connection connection, TableStore tables, List<Feed> live, List<Feed> filled, List<Feed> gone) {
        this.connection = connection;
        this.tables = tables;
        this.before = live;
        List<Feed> stay = new ArrayList<>(live);
        stay.removeAll(gone);
        this.after = Stream.concat(stay.stream(), filled.stream()).toList();
        filled.forEach(feed -> fresh.add(feed.number()));
    }

    /**
     * Why these feeds cannot be visible together; empty if they can.
     *
     * <p>A table's description may change under several shapes; then all of them begin new generations, and each of those waits for the
     * others.
     */
    static Optional<String> conflict(List<Feed> feeds) {
        Map<TableId, Feed> first = new HashMap<>();
        for (Feed feed : feeds) {
            for (ShapeSchema.Table table : tablesOf(feed)) {
                Feed other = first.putIfAbsent(table.id(), feed);
                if (other != null && !layout(other, table.id()).equals(AppTable.layoutOf(table))) {
                    return Optional.of("shapes " + other.shape() + " and " + feed.shape()
                            + " have different columns of " + table.id());
                }
            }
        }
        return Optional.empty();
    }

    void run() {
        Set<TableId> ids = new LinkedHashSet<>();
        Stream.concat(before.stream(), after.stream())
                .forEach(feed -> tablesOf(feed).forEach(table -> ids.add(table.id())));
        ids.forEach(this::one);
        for (Feed feed : after) {
            if (fresh.contains(feed.number())) {
                dropShadows(connection, feed);
            }
        }
    }

    /** The shadow tables of a feed, as far as they exist. */
    static void dropShadows(Connection connection, Feed feed) {
        for (int i = 0; i < tablesOf(feed).size(); i++) {
            Sqlite.execute(connection, "DROP TABLE IF EXISTS " + AppTable.shadowName(feed.number(), i));
        }
    }

    private void one(TableId id) {
        List<Feed> held = holders(before, id);
        List<Feed> hold = holders(after, id);
        List<Feed> come = hold.stream().filter(f -> fresh.contains(f.number())).toList();
        List<Feed> stay = hold.stream().filter(f -> !fresh.contains(f.number())).toList();
        if (hold.isEmpty()) {
            drop(tables.require(id));
        } else if (stay.isEmpty()) {
            replace(id, come);
        } else if (!come.isEmpty() || stay.size() < held.size()) {
            merge(tables.require(id), held, stay, come);
        }
    }

    private void drop(AppTable table) {
        Sqlite.execute(connection, "DROP TABLE " + table(table));
        if (table.isShared()) {
            Sqlite.execute(connection, "DROP TABLE " + table.holders());
        }
        tables.remove(table);
    }

    /** Nothing of the old rows stays. */
    private void replace(TableId id, List<Feed> come) {
        Feed first = come.get(0);
        Optional<AppTable> old = tables.find(id);
        List<String> extras = old.map(table -> table.extras(connection)).orElse(List.of());
        long lastLocalId =
                old.map(table -> LocalIdSequence.last(connection, table)).orElse(0L);
        old.ifPresent(this::drop);
        AppTable planned = tables.plan(id, layout(first, id));
        Sqlite.execute(connection, "ALTER TABLE " + shadow(first, id) + " RENAME TO " + table(planned));
        planned.makeAgain(connection, extras);
        LocalIdSequence.goOn(connection, planned, lastLocalId);
        AppTable table = planned.shared(come.size() > 1);
        tables.put(table);
        if (table.isShared()) {
            Sqlite.execute(connection, table.createHolders());
            addHolder(table, table(table), first);
            come.subList(1, come.size()).forEach(feed -> add(table, feed));
        }
    }

    /** Rows of other feeds stay. */
    private void merge(AppTable old, List<Feed> held, List<Feed> stay, List<Feed> come) {
        AppTable table = old.shared(true);
        if (!old.isShared()) {
            Sqlite.execute(connection, table.createHolders());
            addHolder(table, table(table), stay.get(0));
        }
        // Before the others leave: what they told may be newer than what comes, and its holders must learn of that.
        come.forEach(feed -> add(table, feed));
        for (Feed feed : held) {
            if (!stay.contains(feed)) {
                SharedRows.leaveAll(connection, table, feed.number());
            }
        }
        boolean isOwned = stay.size() + come.size() == 1 && knowsAll(table, stay.get(0));
        if (isOwned) {
            Sqlite.execute(connection, "DROP TABLE " + table.holders());
        }
        tables.put(table.shared(!isOwned));
    }

    /** Whether no row has newer content, from a feed that has gone, than the one that stays: it would go back otherwise. */
    private boolean knowsAll(AppTable table, Feed feed) {
        return Sqlite.number(
                        connection,
                        "SELECT count(*) FROM " + table.holders() + " WHERE " + AppTable.ID + " > " + blob(feed))
                == 0;
    }

    /**
     * Takes over a feed's shadow. All its rows are as new as its last end mark: a row that the table has from a feed that is further keeps
     * its content.
     */
    private void add(AppTable table, Feed feed) {
        String shadow = shadow(feed, table.id());
        String columns = TableLayout.names(table.layout().columns());
        Sqlite.execute(
                connection,
                table.layout()
                        .upsert(
                                table.name(),
                                "SELECT " + columns + " FROM " + shadow + " AS s WHERE NOT EXISTS (SELECT 1 FROM "
                                        + table.holders() + " AS h WHERE " + table.sameKey("h", "s") + " AND h."
                                        + AppTable.ID + " > " + blob(feed) + ")"));
        addHolder(table, shadow, feed);
    }

    private void addHolder(AppTable table, String from, Feed feed) {
        Sqlite.execute(
                connection,
                "INSERT INTO " + table.holders() + " SELECT " + table.key() + ", " + feed.number() + ", " + blob(feed)
                        + " FROM " + from);
    }

    private static String blob(Feed feed) {
        ChangeId end = feed.progress().end().id();
        return "x'" + HexFormat.of().formatHex(end.toBytes()) + "'";
    }

    private static String table(AppTable table) {
        return TableId.quote(table.name());
    }

    private static String shadow(Feed feed, TableId id) {
        List<ShapeSchema.Table> all = tablesOf(feed);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id().equals(id)) {
                return AppTable.shadowName(feed.number(), i);
            }
        }
        throw new IllegalStateException("feed " + feed.number() + " has no table " + id);
    }

    private static TableLayout layout(Feed feed, TableId id) {
        return AppTable.layoutOf(find(feed, id).orElseThrow());
    }

    private static List<Feed> holders(List<Feed> feeds, TableId id) {
        return feeds.stream().filter(feed -> find(feed, id).isPresent()).toList();
    }

    private static Optional<ShapeSchema.Table> find(Feed feed, TableId id) {
        return tablesOf(feed).stream().filter(t -> t.id().equals(id)).findFirst();
    }

    private static List<ShapeSchema.Table> tablesOf(Feed feed) {
        return feed.schema().map(ShapeSchema::tables).orElse(List.of());
    }
}
