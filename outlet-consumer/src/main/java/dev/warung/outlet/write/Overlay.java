package dev.warung.outlet.write;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a row: the server's newest, with what this outlet has written and the server has not answered laid over it.
 *
 * <ul>
 *   <li>an insert gives all its columns
 *   <li>an update gives the columns that it changed, whatever the server has in them; a {@code delta} column gets the difference added
 *   <li>an update of a row that the server does not have (any more) shows nothing
 *   <li>a delete takes the row away
 * </ul>
 *
 * <p>Thread: any.
 */
public final class Overlay {

    private final Set<String> delta;
    private final UnaryOperator<RowImage> rewrite;

    /**
     * An overlay for one table.
     *
     * @param delta columns that add up
     * @param rewrite puts the server's ids in the place of local ones that have been answered
     */
    public Overlay(Set<String> delta, UnaryOperator<RowImage> rewrite) {
        this.delta = Set.copyOf(delta);
        this.rewrite = rewrite;
    }

    /** @param ops of this row, in the order in which they were written */
    public Optional<RowImage> visible(Optional<RowImage> base, List<UploadOp> ops) {
        Optional<RowImage> row = base;
        for (UploadOp op : ops) {
            row = after(row, op);
        }
        return row;
    }

    /** Whether an op means a difference, which must not be added to a base that has it already. */
    public boolean addsUp(UploadOp op) {
        return op.kind() == UploadOp.Kind.UPDATE
                && delta.stream()
                        .anyMatch(c -> !Objects.equals(
                                op.before().orElseThrow().get(c),
                                op.after().orElseThrow().get(c)));
    }

    private Optional<RowImage> after(Optional<RowImage> row, UploadOp op) {
        return switch (op.kind()) {
            case INSERT ->
                Optional.of(over(
                        row.orElse(RowImage.EMPTY), rewrite.apply(op.after().orElseThrow())));
            case UPDATE -> row.map(r -> update(r, op));
            case DELETE -> Optional.empty();
        };
    }

    private static RowImage over(RowImage row, RowImage after) {
        RowImage result = row;
        for (String column : after.columns()) {
            result = result.with(column, after.get(column));
        }
        return result;
    }

    private RowImage update(RowImage row, UploadOp op) {
        RowImage before = rewrite.apply(op.before().orElseThrow());
        RowImage after = rewrite.apply(op.after().orElseThrow());
        RowImage result = row;
        for (String column : after.columns()) {
            Object old = before.get(column);
            Object now = after.get(column);
            if (!Objects.equals(old, now)) {
                result = result.with(column, delta.contains(column) ? added(row.get(column), old, now) : now);
            }
        }
        return result;
    }

    /** {@code base + (now - old)}, or what was written where that has no meaning. */
    private static @Nullable Object added(@Nullable Object base, @Nullable Object old, @Nullable Object now) {
        if (base == null || old == null || now == null) {
            return now;
        }
        try {
            BigDecimal sum = new BigDecimal(base.toString())
                    .add(new BigDecimal(now.toString()).subtract(new BigDecimal(old.toString())));
            if (base instanceof Long) {
                return sum.longValueExact();
            }
            return base instanceof Double ? (Object) sum.doubleValue() : sum.toPlainString();
        } catch (ArithmeticException | NumberFormatException e) {
            return now;
        }
    }
}
