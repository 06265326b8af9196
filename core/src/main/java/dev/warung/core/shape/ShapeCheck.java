package dev.warung.core.shape;

import dev.warung.core.change.TableId;
import dev.warung.core.where.bind.Tables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All shapes checked together.
 *
 * @param shapes those without a problem of their own
 * @param problems of all shapes, and between shapes
 */
public record ShapeCheck(List<BoundShape> shapes, List<ShapeProblem> problems) {
    public ShapeCheck {
        shapes = List.copyOf(shapes);
        problems = List.copyOf(problems);
    }

    /** @param known the captured tables */
    public static ShapeCheck of(List<Shape> declared, Tables known) {
        List<BoundShape> bound = new ArrayList<>();
        List<ShapeProblem> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Shape shape : declared) {
            if (!names.add(shape.name())) {
                problems.add(ShapeProblem.of(shape.name(), "the name is taken by another shape"));
                continue;
            }
            try {
                bound.add(BoundShape.bind(shape, known));
            } catch (ShapeException e) {
                problems.addAll(e.problems());
            }
        }
        problems.addAll(overlaps(declared));
        return new ShapeCheck(bound, problems);
    }

    /**
     * Tables with other columns in another shape. An outlet may hold any two shapes, and has one table for both: with different columns, a
     * row would have or lack a value by the shape that brought it last.
     */
    public static List<ShapeProblem> overlaps(List<Shape> shapes) {
        record Entry(String shape, ShapeTable table) {}
        Map<TableId, Entry> firsts = new LinkedHashMap<>();
        List<ShapeProblem> problems = new ArrayList<>();
        for (Shape shape : shapes) {
            for (ShapeTable table : shape.tables()) {
                Entry first = firsts.putIfAbsent(table.table(), new Entry(shape.name(), table));
                if (first != null
                        && !first.shape().equals(shape.name())
                        && !first.table().hasColumnsOf(table)) {
                    problems.add(ShapeProblem.of(
                            shape.name(),
                            table.table(),
                            "shape " + first.shape() + " has other columns of it, and an outlet may hold both; give"
                                    + " both the same list"));
                }
            }
        }
        return problems;
    }
}
