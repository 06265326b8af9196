package dev.warung.core.upload.apply;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadOp.Kind;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WritableTable.Reference;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.apply.Verdict.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** One try to apply the ops of a connected set, inside what the store can undo. Used once. */
final class OpSet {

    private final WriteStore store;
    /** The rows that were written, with the op that wrote each last. */
    private final Map<Row, UUID> written = new LinkedHashMap<>();

    private Optional<UUID> checked = Optional.empty();
    private boolean isFinishing;

    OpSet(WriteStore store) {
        this.store = store;
    }

    private record Row(TableId table, RowImage key) {}

    OpResult apply(UploadOp sent, long deviceUs, EffectiveTime time) {
        if (sent.table().equals(Decision.TABLE)) {
            return decide(sent, deviceUs, time);
        }
        WriteDefinition definition = store.definition(sent.table())
                .orElseThrow(() -> refused(
                        "not_writable", "Changes of " + sent.table().name() + " are not accepted from this outlet."));
        requireColumns(sent, definition.table());
        requireOwnIds(sent, definition.table());
        UploadOp op = withServerIds(sent, definition.table());
        boolean isNew = isLocal(op, definition.table());
        if (isNew && op.kind() != Kind.INSERT) {
            throw refused(
                    "unknown_row",
                    "The row of " + op.table().name() + " that was changed here was never saved on the server.");
        }
        Optional<RowImage> current = isNew ? Optional.empty() : store.lock(op.table(), op.key());
        if (current.isPresent()) {
            requireHeld(op.table(), op.key());
        } else if (op.kind() == Kind.INSERT
                && !isNew
                && definition.table().assigned().isPresent()) {
            throw refused(
                    "not_assigned",
                    "The server gives the number of a new row of " + op.table().name() + ".");
        }
        Verdict verdict = new WriteDecision(definition, () -> time.atUs() > store.changedAtUs(op.table(), op.key()))
                .of(current.isPresent() ? comparable(op, current.get()) : op, current);
        RowImage key = perform(op, verdict, definition.table(), time.atUs());
        verdict.dispute()
                .ifPresent(dispute -> store.record(new WriteStore.Conflict(
                        op,
                        current,
                        policy(op, current, definition),
                        dispute,
                        verdict.effect() == Effect.NONE ? Optional.empty() : Optional.of(verdict.row()))));
        return new OpResult(sent, key, verdict.status(), Optional.empty(), deviceUs, time);
    }

    private OpResult decide(UploadOp sent, long deviceUs, EffectiveTime time) {
        Decision decision;
        try {
            decision = Decision.of(sent);
        } catch (IllegalArgumentException e) {
            throw refused("no_decision", "What was decided about the conflict cannot be read.");
        }
        store.decide(decision);
        return new OpResult(sent, sent.key(), OpStatus.APPLIED, Optional.empty(), deviceUs, time);
    }

    /** The op as it can be compared with the server's row; what is equal already needs no other spelling. */
    private UploadOp comparable(UploadOp op, RowImage current) {
        RowImage seen = op.before().orElseGet(op::row);
        boolean isEqual =
                seen.columns().stream().allMatch(column -> WriteDecision.isSame(seen.get(column), current.get(column)));
        return isEqual
                ? op
                : new UploadOp(
                        op.id(),
                        op.table(),
                        op.kind(),
                        op.key(),
                        op.before().map(row -> store.canonical(op.table(), row)),
                        op.after().map(row -> store.canonical(op.table(), row)));
    }

    /** Keeps the set, if what holds for it as a whole does. */
    void finish() {
        isFinishing = true;
        if (written.keySet().stream().anyMatch(row -> hasRules(row.table()))) {
            // What is computed when a check was put off is in the row by then.
            store.requireConstraints();
            written.forEach((row, op) -> {
                checked = Optional.of(op);
                store.requireRules(row.table(), row.key());
            });
            checked = Optional.empty();
        }
        store.keep();
    }

    private boolean hasRules(TableId table) {
        return store.definition(table)
                .map(definition -> !definition.policy().rules().isEmpty())
                .orElse(false);
    }

    boolean isFinishing() {
        return isFinishing;
    }

    /** Whose row was checked when the set was refused; the last op, if no single one is to blame. */
    UUID culprit(List<UploadOp> set) {
        return checked.orElse(set.get(set.size() - 1).id());
    }

    private RowImage perform(UploadOp op, Verdict verdict, WritableTable table, long atUs) {
        RowImage key = op.key();
        switch (verdict.effect()) {
            case NONE -> {
                return key;
            }
            case DELETE -> {
                store.delete(op.table(), key);
                written.remove(new Row(op.table(), key));
                return key;
            }
            case UPDATE -> store.update(op.table(), key, verdict.row(), atUs);
            case INSERT -> key = insert(op, verdict.row(), table, atUs);
        }
        requireHeld(op.table(), key);
        written.put(new Row(op.table(), key), op.id());
        return key;
    }

    private RowImage insert(UploadOp op, RowImage row, WritableTable table, long atUs) {
        String assigned = table.assigned().orElse("");
        if (!(row.get(assigned) instanceof Long local) || local < WritableTable.LOCAL_IDS_FROM) {
            return store.insert(op.table(), row, atUs);
        }
        RowImage key = store.insert(
                op.table(),
                row.only(row.columns().stream().filter(c -> !c.equals(assigned)).toList()),
                atUs);
        if (key.get(assigned) instanceof Long id) {
            store.assign(op.table(), local, id, op.id());
        }
        return key;
    }

    private void requireHeld(TableId table, RowImage key) {
        if (!store.isHeld(table, key)) {
            throw refused("not_yours", "This row of " + table.name() + " does not belong to this outlet.");
        }
    }

    private void requireColumns(UploadOp op, WritableTable table) {
        Set<String> known = store.columns(op.table());
        for (String column : op.row().columns()) {
            if (!known.contains(column)) {
                throw refused(
                        "unknown_column",
                        "The server knows no column " + column + " of "
                                + op.table().name() + " that this outlet may write.");
            }
        }
        boolean isKeyKept = op.after()
                .map(after -> after.only(op.key().columns()).equals(op.key()))
                .orElse(true);
        if (!isKeyKept) {
            throw refused(
                    "key_changed", "The key of a row of " + table.table().name() + " cannot be changed in place.");
        }
    }

    /**
     * Two files of one outlet may have given the same local id to different rows, if one was copied from the other: whoever comes second
     * must not write, or write to, the first one's row.
     */
    private void requireOwnIds(UploadOp sent, WritableTable table) {
        RowImage row = sent.row();
        String own = table.assigned().orElse("");
        if (sent.kind() == Kind.INSERT
                && row.get(own) instanceof Long id
                && WritableTable.isLocalId(id)
                && store.assigned(sent.table(), id).isPresent()) {
            throw used(sent.table());
        }
        sent.makers().forEach((column, maker) -> {
            if (row.get(column) instanceof Long id && WritableTable.isLocalId(id)) {
                TableId parent = column.equals(own) ? sent.table() : referred(table, column);
                if (store.maker(parent, id).filter(op -> !op.equals(maker)).isPresent()) {
                    throw used(parent);
                }
            }
        });
    }

    private static TableId referred(WritableTable table, String column) {
        return table.references().stream()
                .filter(reference -> reference.columns().contains(column))
                .map(Reference::table)
                .findFirst()
                .orElse(table.table());
    }

    private static RefusedException used(TableId table) {
        return refused(
                "local_id_used",
                "A copy of this outlet's data has given the number of this new row of " + table.name()
                        + " to another row already. Save it once more.");
    }

    /** The op with the server's ids in the place of those of the device, as far as the server has given them. */
    private UploadOp withServerIds(UploadOp op, WritableTable table) {
        return new UploadOp(
                op.id(),
                op.table(),
                op.kind(),
                withServerIds(op.key(), op, table),
                op.before().map(row -> withServerIds(row, op, table)),
                op.after().map(row -> withServerIds(row, op, table)));
    }

    private RowImage withServerIds(RowImage row, UploadOp op, WritableTable table) {
        RowImage changed = row;
        String own = table.assigned().orElse("");
        if (row.get(own) instanceof Long id && WritableTable.isLocalId(id)) {
            OptionalLong server = store.assigned(op.table(), id);
            if (server.isPresent()) {
                changed = changed.with(own, server.getAsLong());
            }
        }
        for (Reference reference : table.references()) {
            changed = withServerId(changed, reference, op);
        }
        return changed;
    }

    private RowImage withServerId(RowImage row, Reference reference, UploadOp op) {
        Optional<String> assigned =
                store.definition(reference.table()).flatMap(d -> d.table().assigned());
        int place = assigned.map(reference.key()::indexOf).orElse(-1);
        if (place < 0
                || !(row.get(reference.columns().get(place)) instanceof Long id)
                || !WritableTable.isLocalId(id)) {
            return row;
        }
        OptionalLong server = store.assigned(reference.table(), id);
        if (server.isEmpty()) {
            throw refused(
                    "unknown_reference",
                    "The row of " + reference.table().name() + " that this row of "
                            + op.table().name() + " belongs to was never saved on the server.");
        }
        return row.with(reference.columns().get(place), server.getAsLong());
    }

    private static boolean isLocal(UploadOp op, WritableTable table) {
        return WritableTable.isLocalId(op.key().get(table.assigned().orElse("")));
    }

    private static String policy(UploadOp op, Optional<RowImage> current, WriteDefinition definition) {
        boolean isDelete = op.kind() == Kind.DELETE || current.isEmpty();
        return isDelete
                ? definition.policy().delete().name()
                : definition.policy().conflict().name();
    }

    private static RefusedException refused(String code, String reason) {
        return new RefusedException(Refusal.of(code, reason));
    }
}
