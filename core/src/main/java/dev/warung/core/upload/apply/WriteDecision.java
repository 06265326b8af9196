package dev.warung.core.upload.apply;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.apply.Verdict.Dispute;
import dev.warung.core.upload.apply.Verdict.Effect;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an op does to a row: by the base first, by the clock second. The base is the row as the outlet saw it; a column that is still
 * as it was there is free to be written, whatever the times are.
 *
 * <p>Pure: it asks for a time only when both sides have changed the same column.
 */
public final class WriteDecision {

    private final WriteDefinition definition;
    private final BooleanSupplier isNewer;

    /** @param isNewer whether the op is newer than the server's row */
    public WriteDecision(WriteDefinition definition, BooleanSupplier isNewer) {
        this.definition = definition;
        this.isNewer = isNewer;
    }

    /** @param current the server's row, with the columns that the outlet has; empty if there is none */
    public Verdict of(UploadOp op, Optional<RowImage> current) {
        return switch (op.kind()) {
            case INSERT ->
                current.isEmpty()
                        ? Verdict.agreed(Effect.INSERT, writable(row(op.after())), OpStatus.APPLIED)
                        : change(RowImage.EMPTY, withoutKey(op), current.get());
            case UPDATE ->
                current.isEmpty()
                        ? ofGone(op, row(op.before()), row(op.after()))
                        : change(row(op.before()), withoutKey(op), current.get());
            case DELETE -> delete(row(op.before()), current);
        };
    }

    private static RowImage row(Optional<RowImage> row) {
        return row.orElse(RowImage.EMPTY);
    }

    /** What may change of a row that is there. */
    private static RowImage withoutKey(UploadOp op) {
        Map<String, @Nullable Object> columns =
                new LinkedHashMap<>(row(op.after()).values());
        columns.keySet().removeAll(op.key().columns());
        return new RowImage(columns);
    }

    private Verdict change(RowImage before, RowImage after, RowImage current) {
        Map<String, @Nullable Object> free = new LinkedHashMap<>();
        Map<String, @Nullable Object> disputed = new LinkedHashMap<>();
        boolean isServerChanged = false;
        for (String column : after.columns()) {
            if (isPassedOver(column)) {
                continue;
            }
            Object wanted = after.get(column);
            Object there = current.get(column);
            boolean isClientChanged = !before.has(column) || !isSame(before.get(column), wanted);
            if (isDelta(column)) {
                if (isClientChanged) {
                    free.put(column, added(there, before.get(column), wanted));
                }
                continue;
            }
            boolean isColumnChanged = before.has(column) ? !isSame(before.get(column), there) : !isSame(there, wanted);
            isServerChanged |= isColumnChanged;
            if (isClientChanged && !isSame(there, wanted)) {
                (isColumnChanged ? disputed : free).put(column, wanted);
            }
        }
        boolean isDisputed =
                !disputed.isEmpty() || (definition.policy().wholeRow() && isServerChanged && hasPlain(free));
        if (!isDisputed) {
            return update(free, isServerChanged && !free.isEmpty() ? OpStatus.MERGED : OpStatus.APPLIED);
        }
        return settle(free, disputed, after);
    }

    private Verdict settle(Map<String, @Nullable Object> free, Map<String, @Nullable Object> disputed, RowImage after) {
        WritePolicy policy = definition.policy();
        Dispute dispute = switch (policy.conflict()) {
            case MANUAL -> Dispute.OPEN;
            case SERVER_WINS -> Dispute.SERVER_WINS;
            case CLIENT_WINS -> Dispute.CLIENT_WINS;
            case NEWEST_WINS -> isNewer.getAsBoolean() ? Dispute.CLIENT_WINS : Dispute.SERVER_WINS;
        };
        if (dispute == Dispute.OPEN) {
            return new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.CONFLICT, Optional.of(dispute));
        }
        Map<String, @Nullable Object> written = new LinkedHashMap<>(free);
        if (dispute == Dispute.CLIENT_WINS) {
            written.putAll(disputed);
            if (policy.wholeRow()) {
                after.values().forEach((column, value) -> {
                    if (!isPassedOver(column) && !isDelta(column)) {
                        written.put(column, value);
                    }
                });
            }
        } else if (policy.wholeRow()) {
            written.keySet().removeIf(column -> !isDelta(column));
        }
        OpStatus status = dispute == Dispute.CLIENT_WINS
                ? OpStatus.APPLIED
                : written.isEmpty() ? OpStatus.SUPERSEDED : OpStatus.MERGED;
        Verdict verdict = update(written, status);
        return new Verdict(verdict.effect(), verdict.row(), status, Optional.of(dispute));
    }

    private static Verdict update(Map<String, @Nullable Object> columns, OpStatus status) {
        return Verdict.agreed(columns.isEmpty() ? Effect.NONE : Effect.UPDATE, new RowImage(columns), status);
    }

    /** An update of a row that was deleted elsewhere. */
    private Verdict ofGone(UploadOp op, RowImage before, RowImage after) {
        boolean isUnchanged = after.columns().stream()
                .allMatch(column -> isPassedOver(column) || isSame(before.get(column), after.get(column)));
        if (isUnchanged) {
            return Verdict.agreed(Effect.NONE, RowImage.EMPTY, OpStatus.APPLIED);
        }
        return switch (definition.policy().delete()) {
            case DELETE_WINS ->
                new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.SUPERSEDED, Optional.of(Dispute.SERVER_WINS));
            case UPDATE_WINS ->
                new Verdict(
                        Effect.INSERT, writable(row(op.after())), OpStatus.APPLIED, Optional.of(Dispute.CLIENT_WINS));
            case MANUAL -> new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.CONFLICT, Optional.of(Dispute.OPEN));
        };
    }

    private Verdict delete(RowImage before, Optional<RowImage> current) {
        if (current.isEmpty()) {
            return Verdict.agreed(Effect.NONE, RowImage.EMPTY, OpStatus.APPLIED);
        }
        boolean isUnchanged = before.columns().stream()
                .allMatch(column -> isPassedOver(column)
                        || isSame(before.get(column), current.get().get(column)));
        if (isUnchanged) {
            return Verdict.agreed(Effect.DELETE, RowImage.EMPTY, OpStatus.APPLIED);
        }
        return switch (definition.policy().delete()) {
            case DELETE_WINS ->
                new Verdict(Effect.DELETE, RowImage.EMPTY, OpStatus.APPLIED, Optional.of(Dispute.CLIENT_WINS));
            case UPDATE_WINS ->
                new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.SUPERSEDED, Optional.of(Dispute.SERVER_WINS));
            case MANUAL -> new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.CONFLICT, Optional.of(Dispute.OPEN));
        };
    }

    private RowImage writable(RowImage row) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(row.values());
        columns.keySet().removeAll(definition.table().generated());
        return new RowImage(columns);
    }

    private boolean hasPlain(Map<String, @Nullable Object> columns) {
        return columns.keySet().stream().anyMatch(column -> !isDelta(column));
    }

    private boolean isDelta(String column) {
        return definition.table().delta().contains(column);
    }

    /** Columns that nobody writes, and the time of the change, which every write changes. */
    private boolean isPassedOver(String column) {
        return definition.table().generated().contains(column)
                || definition.policy().updatedAt().filter(column::equals).isPresent();
    }

    /** The server's number and what the outlet added to its own; NULL counts as nothing. */
    private static @Nullable Object added(@Nullable Object there, @Nullable Object before, @Nullable Object wanted) {
        BigDecimal sum = number(there).add(number(wanted)).subtract(number(before));
        return there instanceof Double || wanted instanceof Double ? (Object) sum.doubleValue() : sum.toPlainString();
    }

    private static BigDecimal number(@Nullable Object value) {
        try {
            return value == null ? BigDecimal.ZERO : new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            throw new RefusedException(
                    Refusal.of("not_a_number", "\"" + value + "\" is not a number that can be added."), e);
        }
    }

    /** Whether two values are equal; a number may be whole on one side and have a fraction on the other. */
    static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number a && other instanceof Number b && one.getClass() != other.getClass()) {
            return a.doubleValue() == b.doubleValue();
        }
        return one == null ? other == null : one.equals(other);
    }
}
