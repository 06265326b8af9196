package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.outlet.replica.BaseStore.Link;
import dev.warung.outlet.write.JournalEntry;
import dev.warung.outlet.write.LocalOps;
import dev.warung.outlet.write.LocalOps.LocalOp;
import dev.warung.outlet.write.LocalTable;
import dev.warung.outlet.write.RowValues;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the application writes into the file, as far as it concerns the file's transactions.
 *
 * <pre>
 * the application's transaction   its triggers note in the journal what stood in the rows before
 * begin of one of ours            the journal becomes ops; triggers are off from here on
 * a row from the server           the server's own row is put back first, so that it is written as ever
 * end of ours                     it becomes the base, and the ops are laid over it; triggers are on again
 * a table is replaced             the same with all its rows that have ops
 * </pre>
 *
 * <p>Guarantees: a row that can be seen is the server's newest with the open ops laid over it; what the application wrote is an op before
 * anything else happens to the row.
 *
 * <p>Used only by the outlet thread.
 */
final class LocalWrites {

    /** A row is shown after so many questions to Kafka, even if the server changes it all the time. */
    static final long ASKS_MAX = 20;

    static final TableId ID_MAP = new TableId("warung", "id_map");

    private static final int JOURNAL_MAX = 5_000;

    private final Statements statements;
    private final JournalStore journal;
    private final OpStore ops;
    private final BaseStore bases;
    private final SenderStore sender;
    private final TableStore tables;
    private final FeedStore feeds;
    private final Connection connection;
    private final Map<TableId, TableRows> rows = new HashMap<>();
    private List<WritableTable> writable = List.of();
    private final Laying laying;
    private boolean isArmed;
    private boolean isGuarded;

    /** @param writable what the outlet was told before: what is in the journal was written under that */
    LocalWrites(Connection connection, TableStore tables, FeedStore feeds, List<WritableTable> writable) {
        this.connection = connection;
        this.tables = tables;
        this.feeds = feeds;
        this.statements = new Statements(connection);
        this.journal = new JournalStore(connection);
        this.ops = new OpStore(connection, statements);
        this.bases = new BaseStore(connection, statements);
        this.sender = new SenderStore(connection, statements, this::nameOf);
        this.laying = new Laying(ops, bases, this::rowsOf);
        laying.allow(writable);
    }

    OpStore ops() {
        return ops;
    }

    BaseStore bases() {
        return bases;
    }

    SenderStore sender() {
        return sender;
    }

    Laying laying() {
        return laying;
    }

    /** Whether the application may write some table that can be seen. */
    boolean isArmed() {
        return isArmed;
    }

    /** These tables take writes from now on, and no others. Within a transaction of ours. */
    void allow(List<WritableTable> now) {
        drain();
        writable = now;
        laying.finish();
        laying.allow(writable);
        arm();
    }

    /** Makes the triggers what they have to be, whoever changed them. Within a transaction of ours. */
    void arm() {
        List<LocalTable> visible = new ArrayList<>();
        for (WritableTable table : writable) {
            tables.find(table.table()).ifPresent(app -> {
                table.assigned().ifPresent(column -> LocalIdSequence.prepare(connection, app));
                visible.add(rowsOf(table.table()).orElseThrow().values().table());
            });
        }
        journal.arm(visible);
        isArmed = !visible.isEmpty();
        guard();
    }

    /** New rows get ids from another place from now on. Within a transaction of ours. */
    void beginLocalIds() {
        for (WritableTable table : writable) {
            if (table.assigned().isPresent()) {
                tables.find(table.table()).ifPresent(app -> LocalIdSequence.beginAnew(connection, app));
            }
        }
    }

    private void guard() {
        if (isArmed && !isGuarded) {
            journal.raiseGuard();
            isGuarded = true;
        }
    }

    /** A transaction of ours has begun: what the application wrote before comes first. */
    void begin() {
        if (isArmed) {
            drain();
            guard();
        }
    }

    /** A transaction of ours is about to be committed; no row waits in a writer. */
    void end() {
        laying.finish();
        if (isGuarded) {
            journal.lowerGuard();
            isGuarded = false;
        }
    }

    /** Whether there is any row that differs from the server's: asked for each row of a feed. */
    boolean isOverlaid() {
        return laying.isAny();
    }

    boolean concerns(TableId table) {
        return laying.concerns(table);
    }

    /** A feed is about to say something about this row. */
    void beforeRow(TableId table, @Nullable Object[] key) {
        if (laying.concerns(table)) {
            laying.beforeRow(table, key);
        }
    }

    /** A feed is about to say something about all rows of a table. */
    void beforeAll(TableId table) {
        if (laying.concerns(table)) {
            laying.liftAll(table);
        }
    }

    /** Tables are about to be replaced: everybody's rows become the server's. No row waits in a writer. */
    void beforeSwitch(Collection<TableId> concerned) {
        laying.finish();
        concerned.forEach(laying::strip);
        rows.values().forEach(TableRows::close);
        rows.clear();
    }

    /** Tables have been replaced. */
    void afterSwitch(Collection<TableId> concerned) {
        concerned.forEach(table -> {
            if (tables.find(table).isPresent()) {
                laying.layAgain(table);
            }
        });
        laying.refresh();
        arm();
    }

    /** Whether the application has written something that is no op yet. */
    boolean isJournalEmpty() {
        return journal.isEmpty();
    }

    Statements statements() {
        return statements;
    }

    /** What SQLite calls a table; empty if it cannot be seen. */
    Optional<String> nameOf(TableId table) {
        return tables.find(table).map(AppTable::name);
    }

    /** Rows of a table that can be seen. */
    Optional<TableRows> rowsOf(TableId id) {
        TableRows known = rows.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<TableRows> opened = open(connection, tables, feeds, id);
        opened.ifPresent(found -> rows.put(id, found));
        return opened;
    }

    static Optional<TableRows> open(Connection connection, TableStore tables, FeedStore feeds, TableId id) {
        Optional<AppTable> app = tables.find(id);
        Optional<ShapeSchema.Table> described = feeds.live().stream()
                .flatMap(feed -> feed.schema().stream())
                .flatMap(schema -> schema.tables().stream())
                .filter(table -> table.id().equals(id))
                .findFirst();
        if (app.isEmpty() || described.isEmpty()) {
            return Optional.empty();
        }
        LocalTable table = LocalTable.of(
                app.get().number(),
                app.get().name(),
                described.get(),
                app.get().layout().columns().stream().map(c -> c.name()).toList());
        return Optional.of(new TableRows(connection, app.get().layout(), new RowValues(table)));
    }

    /** Whole transactions of the application become ops: it cannot write while a transaction of ours is open. */
    private void drain() {
        while (!journal.isEmpty()) {
            List<JournalEntry> entries = journal.read(JOURNAL_MAX);
            long last = entries.get(entries.size() - 1).seq();
            // A transaction, or many, too large for memory: what its rows became stands in the entries that follow.
            Map<String, Optional<RowImage>> later = entries.size() < JOURNAL_MAX ? Map.of() : rowsBefore(last);
            List<LocalOp> made =
                    new LocalOps(this::byNumber, (table, key) -> now(table, key, later), sender.file()).of(entries);
            ops.add(ops.nextGroup(), made, laying.ids());
            made.forEach(this::note);
            journal.forgetUntil(last);
            if (!made.isEmpty()) {
                laying.refresh();
            }
        }
    }

    private Map<String, Optional<RowImage>> rowsBefore(long seq) {
        Map<String, Optional<RowImage>> found = new HashMap<>();
        for (JournalEntry entry : journal.firstAfter(seq)) {
            byNumber(entry.table())
                    .ifPresent(table -> found.put(
                            entry.table() + table.keyFromJournal(entry.key()),
                            Optional.ofNullable(entry.before()).map(table::fromJournal)));
        }
        return found;
    }

    private Optional<RowImage> now(RowValues table, String rowKey, Map<String, Optional<RowImage>> later) {
        Optional<RowImage> before = later.get(table.table().number() + rowKey);
        return before != null
                ? before
                : rowsOf(table.table().id()).orElseThrow().find(rowKey);
    }

    /** The row differs from the server's from now on, and may mention ids that the server does not know. */
    private void note(LocalOp local) {
        TableId table = local.op().table();
        if (bases.find(table, local.rowKey()).isEmpty()) {
            bases.put(table, local.rowKey(), new BaseStore.Base(local.op().before(), 0, 0));
        }
        RowImage row = local.op().row();
        Optional<String> own = local.op().kind() == UploadOp.Kind.INSERT ? laying.assigned(table) : Optional.empty();
        laying.ids().of(table).forEach((column, parent) -> {
            if (row.get(column) instanceof Long id && WritableTable.isLocalId(id)) {
                if (own.filter(column::equals).isPresent()) {
                    bases.putMaker(table, id, local.op().id());
                } else if (bases.maker(parent, id).isEmpty()) {
                    nameOf(ID_MAP).ifPresent(map -> bases.recall(map, parent, id));
                }
                bases.link(parent, id, new Link(table, local.rowKey()));
            }
        });
    }

    private Optional<RowValues> byNumber(int number) {
        return tables.all().stream()
                .filter(table -> table.number() == number)
                .findFirst()
                .flatMap(table -> rowsOf(table.id()))
                .map(TableRows::values);
    }
}
