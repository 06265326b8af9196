package dev.warung.core.shape;

import dev.warung.core.change.TableId;
import java.util.Optional;

/** One thing that is wrong with a shape. */
public record ShapeProblem(String shape, Optional<TableId> table, String message) {

    public static ShapeProblem of(String shape, String message) {
        return new ShapeProblem(shape, Optional.empty(), message);
    }

    public static ShapeProblem of(String shape, TableId table, String message) {
        return new ShapeProblem(shape, Optional.of(table), message);
    }

    @Override
    public String toString() {
        return "shape " + shape + table.map(of -> ", table " + of).orElse("") + ": " + message;
    }
}
