package dev.warung.core.shape;

import java.util.List;

/**
 * Which instance of a shape: outlets with the same values hold the same one. Made by {@link BoundShape#instance}.
 *
 * @param values of the shape's parameters, in their order
 */
public record InstanceId(String shape, List<String> values) {
    public InstanceId {
        values = List.copyOf(values);
    }

    @Override
    public String toString() {
        return values.isEmpty() ? shape : shape + "(" + String.join(", ", values) + ")";
    }
}
