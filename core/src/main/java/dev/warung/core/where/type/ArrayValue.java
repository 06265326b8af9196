package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of PostgreSQL.
 *
 * @param lengths of each dimension; none for an empty array
 * @param lowers the first index of each dimension
 * @param elements in row-major order; null for NULL. Two NULL are equal here, as in PostgreSQL's {@code =} on arrays
 */
public record ArrayValue(List<Integer> lengths, List<Integer> lowers, List<@Nullable Object> elements) {

    public static final ArrayValue EMPTY = new ArrayValue(List.of(), List.of(), List.of());

    private static final int DIMENSIONS_MAX = 6;

    public ArrayValue {
        lengths = List.copyOf(lengths);
        lowers = List.copyOf(lowers);
        elements = Collections.unmodifiableList(new ArrayList<>(elements));
    }

    /** One dimension, counted from 1. */
    public static ArrayValue of(List<@Nullable Object> elements) {
        return elements.isEmpty() ? EMPTY : new ArrayValue(List.of(elements.size()), List.of(1), elements);
    }

    /** What {@code ARRAY[…]} of arrays makes: one dimension more. @throws EvaluationException if their shapes differ */
    public static ArrayValue nested(List<ArrayValue> parts) {
        ArrayValue first = parts.get(0);
        List<@Nullable Object> all = new ArrayList<>();
        for (ArrayValue part : parts) {
            if (!part.lengths.equals(first.lengths) || !part.lowers.equals(first.lowers)) {
                throw new EvaluationException(
                        "multidimensional arrays must have array expressions with matching dimensions");
            }
            all.addAll(part.elements);
        }
        if (first.lengths.isEmpty()) {
            return EMPTY;
        }
        return new ArrayValue(
                prepended(parts.size(), checkedDimensions(first.lengths)), prepended(1, first.lowers), all);
    }

    private static List<Integer> checkedDimensions(List<Integer> lengths) {
        if (lengths.size() >= DIMENSIONS_MAX) {
            throw new EvaluationException("number of array dimensions exceeds the maximum allowed (6)");
        }
        return lengths;
    }

    private static List<Integer> prepended(int first, List<Integer> rest) {
        List<Integer> all = new ArrayList<>();
        all.add(first);
        all.addAll(rest);
        return all;
    }

    public int dimensions() {
        return lengths.size();
    }

    /** {@code array[index]}: null outside of the array, or if it has more than one dimension. */
    public @Nullable Object element(long index) {
        if (dimensions() != 1 || index < lowers.get(0) || index >= (long) lowers.get(0) + lengths.get(0)) {
            return null;
        }
        return elements.get((int) (index - lowers.get(0)));
    }

    /** {@code array || array}. @throws EvaluationException if their shapes do not fit */
    public ArrayValue concat(ArrayValue other) {
        if (dimensions() == 0) {
            return other;
        }
        if (other.dimensions() == 0) {
            return this;
        }
        int difference = dimensions() - other.dimensions();
        int shared = Math.max(dimensions(), other.dimensions()) - 1;
        if (Math.abs(difference) > 1
                || !last(lengths, shared).equals(last(other.lengths, shared))
                || !last(lowers, shared).equals(last(other.lowers, shared))) {
            throw new EvaluationException("cannot concatenate incompatible arrays");
        }
        List<@Nullable Object> all = new ArrayList<>(elements);
        all.addAll(other.elements);
        ArrayValue outer = difference >= 0 ? this : other;
        int length = (difference >= 0 ? lengths.get(0) : 1) + (difference <= 0 ? other.lengths.get(0) : 1);
        List<Integer> newLengths = new ArrayList<>(outer.lengths);
        newLengths.set(0, length);
        return new ArrayValue(newLengths, outer.lowers, all);
    }

    private static List<Integer> last(List<Integer> numbers, int count) {
        return numbers.subList(numbers.size() - count, numbers.size());
    }

    /** The array with an element at its end. @throws EvaluationException if it has more than one dimension */
    public ArrayValue append(@Nullable Object element) {
        return extended(element, elements.size());
    }

    /** The array with an element before its first, which keeps its index. */
    public ArrayValue prepend(@Nullable Object element) {
        return extended(element, 0);
    }

    private ArrayValue extended(@Nullable Object element, int at) {
        if (dimensions() > 1) {
            throw new EvaluationException("argument must be empty or one-dimensional array");
        }
        List<@Nullable Object> all = new ArrayList<>(elements);
        all.add(at, element);
        int lower = lowers.isEmpty() ? 1 : lowers.get(0);
        return new ArrayValue(List.of(all.size()), List.of(lower), all);
    }

    /** {@code this @> other}: every element of the other is here; NULL is nowhere. */
    public boolean containsAll(ArrayValue other) {
        return other.elements.stream().allMatch(this::holds);
    }

    /** {@code this && other}. */
    public boolean overlaps(ArrayValue other) {
        return other.elements.stream().anyMatch(this::holds);
    }

    private boolean holds(@Nullable Object wanted) {
        return wanted != null && elements.stream().anyMatch(element -> Order.isSame(element, wanted));
    }

    /** The array with each element replaced. */
    public ArrayValue map(java.util.function.UnaryOperator<Object> change) {
        List<@Nullable Object> all = new ArrayList<>(elements.size());
        for (Object element : elements) {
            all.add(element == null ? null : change.apply(element));
        }
        return new ArrayValue(lengths, lowers, all);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ArrayValue array) || !lengths.equals(array.lengths) || !lowers.equals(array.lowers)) {
            return false;
        }
        for (int i = 0; i < elements.size(); i++) {
            if (!Order.isSame(elements.get(i), array.elements.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return lengths.hashCode();
    }

    @Override
    public String toString() {
        return "array of " + Arrays.toString(lengths.toArray());
    }
}
