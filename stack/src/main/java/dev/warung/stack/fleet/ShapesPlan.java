package dev.warung.stack.fleet;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.InstanceId;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeCheck;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.where.bind.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a file would change in {@code warung.shapes}.
 *
 * @param steps what happens to each shape, by name
 * @param writes what happens to how tables take what outlets write
 * @param problems why nothing of it may happen; empty if all is well
 * @param warnings what a person should know all the same
 * @param lacking tables that the file names and capture does not follow; each is among the problems
 */
public record ShapesPlan(
        Map<String, Step> steps,
        WritesPlan writes,
        List<ShapeProblem> problems,
        List<String> warnings,
        Set<String> lacking) {

    /** One broker holds about this many topics of instances at ease. */
    private static final int INSTANCES_MAX = 5_000;

    /** What happens to a shape. */
    public enum Step {
        ADD,
        CHANGE,
        KEEP,
        /** It is in the database and not in the file, and stays. */
        ABSENT,
        REMOVE
    }

    /** What becomes of shapes that the file does not have. */
    public enum Absent {
        STAY,
        GO
    }

    public ShapesPlan {
        steps = Map.copyOf(steps);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        lacking = Set.copyOf(lacking);
    }

    /** Keeps what was asked for in vain. */
    private record Asked(Tables known, Set<String> lacking) implements Tables {
        @Override
        public Optional<TableSchema> find(Optional<String> schema, String name) {
            Optional<TableSchema> found = known.find(schema, name);
            if (found.isEmpty()) {
                lacking.add(schema.map(of -> of + ".").orElse("") + name);
            }
            return found;
        }
    }

    /** Compares and checks; writes nothing. */
    public static ShapesPlan of(Connection connection, ShapesFile file, Absent absent) throws SQLException {
        List<ShapeRows.Stored> stored = new ShapeRows(connection).read();
        Map<String, Step> steps = steps(file.shapes(), stored, absent);
        CapturedSchemas schemas = CapturedSchemas.read(connection);
        Asked asked = new Asked(schemas, new HashSet<>());
        ShapeCheck check = ShapeCheck.of(file.shapes(), asked);
        List<Shape> staying = stored.stream()
                .filter(row -> steps.get(row.name()) == Step.ABSENT)
                .flatMap(row -> row.shape().stream())
                .toList();
        List<ShapeProblem> problems = new ArrayList<>(file.problems());
        problems.addAll(check.problems());
        // Those between two shapes of the file are in the check already.
        ShapeCheck.overlaps(
                        Stream.concat(file.shapes().stream(), staying.stream()).toList())
                .stream()
                .filter(problem -> !problems.contains(problem))
                .forEach(problems::add);
        List<BoundShape> bound = new ArrayList<>(check.shapes());
        bound.addAll(ShapeCheck.of(staying, schemas).shapes());
        WritesPlan writes = WritesPlan.of(
                connection,
                file,
                Stream.concat(file.shapes().stream(), staying.stream()).toList(),
                schemas);
        problems.addAll(writes.problems());
        List<String> warnings = new ArrayList<>(warnings(bound, new OutletRows(connection).read()));
        return new ShapesPlan(steps, writes, problems, warnings, asked.lacking());
    }

    private static Map<String, Step> steps(List<Shape> wanted, List<ShapeRows.Stored> stored, Absent absent) {
        Map<String, Step> steps = new TreeMap<>();
        stored.forEach(row -> steps.put(row.name(), absent == Absent.GO ? Step.REMOVE : Step.ABSENT));
        for (Shape shape : wanted) {
            boolean isThere = steps.containsKey(shape.name());
            boolean isSame = stored.stream()
                    .anyMatch(row -> row.shape().filter(shape::equals).isPresent());
            steps.put(shape.name(), !isThere ? Step.ADD : isSame ? Step.KEEP : Step.CHANGE);
        }
        return steps;
    }

    private static List<String> warnings(List<BoundShape> shapes, List<Outlet> outlets) {
        List<String> warnings = new ArrayList<>();
        Set<InstanceId> instances = new HashSet<>();
        for (BoundShape shape : shapes) {
            for (Outlet outlet : outlets) {
                try {
                    shape.instance(outlet.bindings()).ifPresent(instances::add);
                } catch (ShapeException e) {
                    warnings.add("outlet " + outlet.code() + " cannot hold it: " + e.getMessage());
                }
            }
        }
        if (instances.size() > INSTANCES_MAX) {
            warnings.add("the outlets hold " + instances.size() + " instances, each with a topic of its own; one broker"
                    + " holds about " + INSTANCES_MAX + " at ease");
        }
        return warnings;
    }

    /** Does what the plan says, if nothing speaks against it. */
    public static ShapesPlan apply(Connection connection, ShapesFile file, Absent absent) throws SQLException {
        ShapeRows rows = new ShapeRows(connection);
        rows.lock();
        ShapesPlan plan = of(connection, file, absent);
        if (!plan.problems.isEmpty()) {
            return plan;
        }
        for (Shape shape : file.shapes()) {
            Step step = plan.steps.get(shape.name());
            if (step == Step.ADD || step == Step.CHANGE) {
                rows.put(shape);
            }
        }
        for (Map.Entry<String, Step> step : plan.steps.entrySet()) {
            if (step.getValue() == Step.REMOVE) {
                rows.remove(step.getKey());
            }
        }
        plan.writes.apply(connection);
        return plan;
    }
}
