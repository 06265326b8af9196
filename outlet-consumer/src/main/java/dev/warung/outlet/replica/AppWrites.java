package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.replica.OpStore.StoredOp;
import dev.warung.outlet.write.LocalIds;
import dev.warung.outlet.write.LocalOps;
import dev.warung.outlet.write.LocalTable;
import dev.warung.outlet.write.Overlay;
import dev.warung.outlet.write.RowValues;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the outlet's tables as an application does: the triggers take note. For applications that do not open the file.
 *
 * <p>Thread: any; each call has a connection of its own, and waits for the file's other writers.
 */
public final class AppWrites {

    private final Path file;

    public AppWrites(Path file) {
        this.file = file;
    }

    /** What was asked cannot be done. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Why why;

        /** Whose fault it is. */
        public enum Why {
            NO_SUCH_TABLE,
            NOT_WRITABLE,
            NO_SUCH_ROW,
            INVALID,
            /** A row with this key is there, or a column without a value must have one. */
            CONSTRAINT,
            NOT_FAILED
        }

        Refused(Why why, String message) {
            super(message);
            this.why = why;
        }

        public Why why() {
            return why;
        }
    }

    /** A table as one call sees it. */
    private record Target(Connection connection, TableRows rows) {
        RowValues values() {
            return rows.values();
        }
    }

    /** Adds a row. @return it as it stands then, with the id that it was given */
    public RowImage insert(String table, RowImage row) {
        return inTransaction(connection -> insert(target(connection, table), row));
    }

    private static RowImage insert(Target target, RowImage row) {
        LocalTable known = target.values().table();
        Map<String, @Nullable Object> values = checked(target, row);
        Statements statements = new Statements(target.connection());
        String into = "INSERT INTO " + TableId.quote(known.name());
        statements.update(
                values.isEmpty()
                        ? into + " DEFAULT VALUES"
                        : into + " (" + list(values.keySet().stream().map(TableId::quote)) + ") VALUES ("
                                + list(values.keySet().stream().map(c -> "?")) + ")",
                values.values().toArray());
        @Nullable
        Object[] key = statements
                .first(
                        "SELECT "
                                + list(known.keyColumns().stream().map(c -> TableId.quote(c.sqliteName())))
                                + " FROM " + TableId.quote(known.name()) + " WHERE rowid = last_insert_rowid()",
                        result -> {
                            @Nullable
                            Object[] found =
                                    new @Nullable Object[known.keyColumns().size()];
                            for (int i = 0; i < found.length; i++) {
                                found[i] = result.getObject(i + 1);
                            }
                            return found;
                        })
                .orElseThrow();
        return target.rows().find(target.values().keyText(key)).orElseThrow();
    }

    private static String list(Stream<String> parts) {
        return parts.collect(Collectors.joining(", "));
    }

    /** Changes some columns of a row. @return it as it stands then */
    public RowImage update(String table, List<String> key, RowImage changes) {
        return inTransaction(connection -> {
            Target target = target(connection, table);
            String rowKey = rowKey(target, key);
            RowImage row = existing(target, rowKey);
            checked(target, changes);
            for (String column : changes.columns()) {
                row = row.with(column, changes.get(column));
            }
            if (!target.values().keyText(row).equals(rowKey)) {
                throw new Refused(
                        Refused.Why.INVALID, "a row's key cannot be changed: delete the row and insert another");
            }
            target.rows().set(rowKey, Optional.of(row));
            return existing(target, rowKey);
        });
    }

    public void delete(String table, List<String> key) {
        inTransaction(connection -> {
            Target target = target(connection, table);
            String rowKey = rowKey(target, key);
            existing(target, rowKey);
            target.rows().set(rowKey, Optional.empty());
            return RowImage.EMPTY;
        });
    }

    /**
     * Writes what the server has refused once more, over the row as it is now. A new row whose local id somebody else has used gets another,
     * and what was refused together with it is written once more too.
     */
    public void retry(UUID id) {
        inTransaction(connection -> {
            OpStore ops = new OpStore(connection, new Statements(connection));
            StoredOp stored = ops.find(id, "failed")
                    .orElseThrow(
                            () -> new Refused(Refused.Why.NOT_FAILED, "no write with the id " + id + " has failed"));
            List<StoredOp> set = ops.refusedForIds();
            boolean isOne = set.stream().anyMatch(op -> op.op().id().equals(id));
            new Retry(connection, writable(connection), isOne).write(isOne ? set : List.of(stored));
            return RowImage.EMPTY;
        });
    }

    /** Refused ops that are written once more, in their order, with new ids in the place of local ones that somebody else has used. */
    private final class Retry {

        private final Connection connection;
        private final List<WritableTable> writable;
        private final LocalIds ids;
        private final boolean isWithNewIds;
        private final Map<TableId, Map<Long, Long>> renamed = new HashMap<>();

        Retry(Connection connection, List<WritableTable> writable, boolean isWithNewIds) {
            this.isWithNewIds = isWithNewIds;
            this.connection = connection;
            this.writable = writable;
            this.ids = new LocalIds(writable);
        }

        void write(List<StoredOp> set) {
            for (StoredOp stored : set) {
                Target target = target(connection, stored.op().table());
                Optional<String> assigned = rules(stored.op().table()).assigned();
                requireParents(stored.op(), assigned);
                if (isWithNewIds && assigned.isPresent() && stored.op().kind() == UploadOp.Kind.INSERT) {
                    insertAgain(target, stored.op(), assigned.get());
                } else {
                    writeAgain(target, stored);
                }
                new Statements(connection)
                        .update(
                                "UPDATE _warung_ops SET state = 'retried' WHERE op = ?",
                                stored.op().id().toString());
            }
        }

        /** A row whose parent was refused and is not written again here would be refused again. */
        private void requireParents(UploadOp op, Optional<String> assigned) {
            RowImage row = rewrite(op.table(), op.row());
            ids.of(op.table()).forEach((column, parent) -> {
                boolean isRefused = assigned.filter(column::equals).isEmpty()
                        && row.get(column) instanceof Long id
                        && new Statements(connection)
                                .exists(
                                        "SELECT 1 FROM _warung_ids AS i JOIN _warung_ops AS o ON o.op = i.op WHERE i.tbl = ?"
                                                + " AND i.local_id = ? AND o.state IN ('failed', 'retried')",
                                        parent.toString(),
                                        id);
                if (isRefused) {
                    throw new Refused(
                            Refused.Why.NO_SUCH_ROW, "the row of " + parent.name() + " that it belongs to was refused");
                }
            });
        }

        private void insertAgain(Target target, UploadOp op, String column) {
            RowImage row = rewrite(op.table(), op.row());
            RowImage made = insert(
                    target,
                    row.only(row.columns().stream()
                            .filter(c -> !c.equals(column))
                            .toList()));
            if (op.row().get(column) instanceof Long old && made.get(column) instanceof Long id) {
                renamed.computeIfAbsent(op.table(), t -> new HashMap<>()).put(old, id);
            }
        }

        private void writeAgain(Target target, StoredOp stored) {
            UploadOp op = stored.op();
            String rowKey =
                    renamed.isEmpty() ? stored.rowKey() : target.values().keyText(rewrite(op.table(), op.key()));
            Optional<RowImage> now = target.rows().find(rowKey);
            Optional<RowImage> wanted = new Overlay(
                            Set.copyOf(rules(op.table()).delta()), image -> rewrite(op.table(), image))
                    .visible(now, List.of(op));
            if (now.equals(wanted)) {
                throw new Refused(Refused.Why.NO_SUCH_ROW, "the row is such already, or is gone");
            }
            target.rows().set(rowKey, wanted);
        }

        private WritableTable rules(TableId table) {
            return writable.stream()
                    .filter(w -> w.table().equals(table))
                    .findFirst()
                    .orElseThrow();
        }

        private RowImage rewrite(TableId table, RowImage image) {
            RowImage rewritten = image;
            for (Map.Entry<String, TableId> column : ids.of(table).entrySet()) {
                Long id = renamed.getOrDefault(column.getValue(), Map.of())
                        .get(image.get(column.getKey()) instanceof Long old ? old : 0L);
                if (id != null) {
                    rewritten = rewritten.with(column.getKey(), id);
                }
            }
            return rewritten;
        }
    }

    /**
     * Notes what somebody has decided about a conflict, to be sent to the server as other writes are.
     *
     * @param conflict its id, or that of the write that met it
     * @param values for a merged row: its columns as a JSON object
     * @return what was noted, with the id of the op
     */
    public RowImage resolve(UUID conflict, Decision.Resolution resolution, Optional<String> values) {
        return inTransaction(connection -> {
            Statements statements = new Statements(connection);
            UUID open = openConflict(connection, statements, conflict);
            OpStore ops = new OpStore(connection, statements);
            Decision decision = new Decision(open, resolution, values);
            if (ops.hasOpen(Decision.TABLE, UploadCodec.json(decision.key()))) {
                throw new Refused(
                        Refused.Why.CONSTRAINT, "what was decided about conflict " + open + " is on its way already");
            }
            long atMs = Sqlite.number(
                    connection, "SELECT CAST((julianday('now') - 2440587.5) * 86400000 + 0.5 AS INTEGER)");
            UploadOp op = decision.op(LocalOps.newId(atMs));
            ops.add(
                    ops.nextGroup(),
                    List.of(new LocalOps.LocalOp(op, UploadCodec.json(decision.key()), atMs)),
                    new LocalIds(List.of()));
            return RowImage.EMPTY
                    .with("id", op.id().toString())
                    .with("conflict", open.toString())
                    .with("resolution", resolution.name().toLowerCase(Locale.ROOT));
        });
    }

    private static UUID openConflict(Connection connection, Statements statements, UUID id) {
        Optional<String> table = tables(connection).all().stream()
                .map(AppTable::name)
                .filter(WritesView.CONFLICTS::equals)
                .findFirst()
                .map(TableId::quote);
        return table.flatMap(name -> statements.first(
                        "SELECT id FROM " + name + " WHERE state = 'open' AND (id = ?1 OR op = ?1)",
                        row -> UUID.fromString(row.getString(1)),
                        id.toString()))
                .orElseThrow(() -> new Refused(Refused.Why.NO_SUCH_ROW, "there is no open conflict " + id));
    }

    private RowImage inTransaction(Function<Connection, RowImage> work) {
        try (Connection connection = ReplicaFile.openAsApplication(file)) {
            Sqlite.execute(connection, "BEGIN IMMEDIATE");
            RowImage result = work.apply(connection);
            Sqlite.execute(connection, "COMMIT");
            return result;
        } catch (PipelineException e) {
            if (e.code() == ErrorCode.LOG_INCONSISTENT && e.getCause() != null) {
                throw new Refused(
                        Refused.Why.CONSTRAINT, String.valueOf(e.getCause().getMessage()));
            }
            throw e;
        } catch (SQLException e) {
            throw Sqlite.failure(e, "Cannot open " + file);
        }
    }

    private Target target(Connection connection, String name) {
        TableStore tables = tables(connection);
        return tables.all().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .map(table -> target(connection, table.id()))
                .orElseThrow(() -> new Refused(Refused.Why.NO_SUCH_TABLE, "there is no table " + name));
    }

    private Target target(Connection connection, TableId id) {
        if (writable(connection).stream().noneMatch(w -> w.table().equals(id))) {
            throw new Refused(Refused.Why.NOT_WRITABLE, "table " + id + " takes no writes here");
        }
        return new Target(
                connection,
                LocalWrites.open(connection, tables(connection), new FeedStore(connection), id)
                        .orElseThrow(() -> new Refused(Refused.Why.NO_SUCH_TABLE, "there is no table " + id)));
    }

    private static TableStore tables(Connection connection) {
        TableStore tables = new TableStore(connection);
        tables.load(new FeedStore(connection).live());
        return tables;
    }

    private static List<WritableTable> writable(Connection connection) {
        return OutletStore.recordOf(connection).map(OutletRecord::writable).orElse(List.of());
    }

    private static RowImage existing(Target target, String rowKey) {
        return target.rows()
                .find(rowKey)
                .orElseThrow(() -> new Refused(Refused.Why.NO_SUCH_ROW, "there is no row " + rowKey));
    }

    private static String rowKey(Target target, List<String> texts) {
        List<LocalTable.LocalColumn> columns = target.values().table().keyColumns();
        if (columns.size() != texts.size()) {
            throw new Refused(Refused.Why.INVALID, "a key of this table has " + columns.size() + " columns");
        }
        try {
            return target.values().keyOf(texts);
        } catch (IllegalArgumentException e) {
            throw new Refused(Refused.Why.INVALID, "not a key of this table: " + texts);
        }
    }

    /** SQLite's values by SQLite's names. */
    private static Map<String, @Nullable Object> checked(Target target, RowImage row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String name : row.columns()) {
            LocalTable.LocalColumn column = target.values().table().columns().stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new Refused(Refused.Why.INVALID, "there is no column " + name));
            try {
                values.put(column.sqliteName(), RowValues.strictToSqlite(column, row.get(name)));
            } catch (IllegalArgumentException e) {
                throw new Refused(Refused.Why.INVALID, "column " + name + " does not take " + row.get(name));
            }
        }
        return values;
    }
}
