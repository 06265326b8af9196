package dev.warung.capture.history;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.SchemaRecord.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * What every table looks like at the place of the log that has been reached: the fold of the schema topic, then of what the stream adds.
 *
 * <p>Thread: all methods are synchronized; the stream changes it, status pages read it.
 */
public final class CatalogHistory {

    private final Map<Long, Entry> byOid = new HashMap<>();
    private final Map<TableId, Long> byName = new HashMap<>();
    private final Map<TableId, String> refused = new HashMap<>();
    private int lastVersion;
    private final Map<TableId, Integer> lastByName = new HashMap<>();
    private final Map<Long, Integer> lastByOid = new HashMap<>();
    private BiPredicate<TableId, Integer> taken = (name, generation) -> false;

    /**
     * The newest generation of a table.
     *
     * @param reason why it is in its state; may be empty
     * @param sinceMs when the state began, milliseconds since 1970
     */
    public record Entry(TableSchema schema, State state, String reason, long sinceMs) {}

    /** Takes a schema record that stands in the log. */
    public synchronized void apply(SchemaRecord schemaRecord) {
        if (schemaRecord instanceof SchemaRecord.Table table) {
            applyTable(table);
        } else {
            byOid.replaceAll((oid, entry) -> entry.state() == State.COPYING
                    ? new Entry(entry.schema(), State.LIVE, "", entry.sinceMs())
                    : entry);
        }
    }

    private void applyTable(SchemaRecord.Table table) {
        TableSchema schema = table.schema();
        lastVersion = Math.max(lastVersion, schema.version());
        use(schema.id(), schema.oid(), schema.generation());
        Entry before = byOid.get(schema.oid());
        if (before != null) {
            byName.remove(before.schema().id(), schema.oid());
        }
        if (table.state() == State.DROPPED) {
            byOid.remove(schema.oid());
            return;
        }
        byOid.put(schema.oid(), new Entry(schema, table.state(), table.reason(), table.sinceMs()));
        byName.put(schema.id(), schema.oid());
        refused.remove(schema.id());
    }

    /** Forgets all tables, but not which versions and generations were used: a new epoch begins. */
    public synchronized void beginEpoch() {
        byOid.clear();
        byName.clear();
        refused.clear();
    }

    /** The newest generation of the table that has this name at this place of the log. */
    public synchronized Optional<Entry> find(TableId name) {
        return Optional.ofNullable(byName.get(name)).map(byOid::get);
    }

    public synchronized Optional<Entry> find(long oid) {
        return Optional.ofNullable(byOid.get(oid));
    }

    public synchronized List<Entry> tables() {
        return List.copyOf(byOid.values());
    }

    /** Tables that are not captured, with the reason. */
    public synchronized Map<TableId, String> refused() {
        return Map.copyOf(refused);
    }

    public synchronized void refuse(TableId table, String reason) {
        refused.put(table, reason);
    }

    public synchronized int nextVersion() {
        lastVersion++;
        return lastVersion;
    }

    /**
     * Tells which generations have a topic, whatever the schema topic says: it may be damaged.
     *
     * @param isTaken whether there is a topic for this generation of a table of this name
     */
    public synchronized void taken(BiPredicate<TableId, Integer> isTaken) {
        taken = isTaken;
    }

    /** A number that neither this table nor another one of this name had before: so a topic's name is never used twice. */
    public synchronized int nextGeneration(TableId name, long oid) {
        int next = 1 + Math.max(lastByName.getOrDefault(name, 0), lastByOid.getOrDefault(oid, 0));
        while (taken.test(name, next)) {
            next++;
        }
        use(name, oid, next);
        return next;
    }

    private void use(TableId name, long oid, int generation) {
        lastByName.merge(name, generation, Math::max);
        lastByOid.merge(oid, generation, Math::max);
    }

    /** The tables whose newest generation is in this state. */
    public synchronized List<Entry> inState(State state) {
        List<Entry> found = new ArrayList<>();
        byOid.values().stream().filter(entry -> entry.state() == state).forEach(found::add);
        return found;
    }
}
