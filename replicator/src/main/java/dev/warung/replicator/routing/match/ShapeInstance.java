package dev.warung.replicator.routing.match;

import java.util.List;

/**
 * A shape with values for its parameters.
 *
 * @param number unique among the instances of an index
 * @param values in the order of {@link RoutedShape#parameters()}, as PostgreSQL reads them
 */
public record ShapeInstance(int number, RoutedShape shape, List<String> values) {
    public ShapeInstance {
        values = List.copyOf(values);
        if (values.size() != shape.parameters().size()) {
            throw new IllegalArgumentException("shape " + shape + " has the parameters " + shape.parameters());
        }
    }

    @Override
    public String toString() {
        return shape + values.toString();
    }
}
