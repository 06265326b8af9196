package dev.warung.stack.fleet;

import dev.warung.core.change.TableId;
import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.InstanceId;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeCheck;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.shape.SyncShape;
import dev.warung.core.where.bind.Tables;
import dev.warung.stack.pipeline.StackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shapes and outlets as they stand in PostgreSQL, checked against its tables.
 *
 * @param shapes by name, broken ones too
 * @param outlets by code
 * @param problems of the shapes
 * @param tables the captured ones
 * @param written of which it is known how they take what outlets write
 */
public record Fleet(
        List<Entry> shapes, List<Outlet> outlets, List<ShapeProblem> problems, Tables tables, Set<TableId> written) {

    public Fleet {
        shapes = List.copyOf(shapes);
        outlets = List.copyOf(outlets);
        problems = List.copyOf(problems);
        written = Set.copyOf(written);
    }

    /**
     * A shape.
     *
     * @param bound empty if it has a problem of its own
     */
    public record Entry(String name, Optional<BoundShape> bound, String appliedAt) {}

    public static Fleet read(Connection connection) throws SQLException {
        List<ShapeRows.Stored> stored = new ShapeRows(connection).read();
        List<Shape> declared =
                stored.stream().flatMap(row -> row.shape().stream()).toList();
        CapturedSchemas schemas = CapturedSchemas.read(connection);
        ShapeCheck check = ShapeCheck.of(declared, schemas);
        List<ShapeProblem> problems = new ArrayList<>();
        stored.forEach(row -> problems.addAll(row.problems()));
        problems.addAll(check.problems());
        List<Entry> entries = stored.stream()
                .map(row -> new Entry(
                        row.name(),
                        check.shapes().stream()
                                .filter(shape -> shape.name().equals(row.name()))
                                .findFirst(),
                        row.appliedAt()))
                .toList();
        Set<TableId> written = new WriteRows(connection).read().keySet();
        return new Fleet(entries, new OutletRows(connection).read(), problems, schemas, written);
    }

    /** The shapes without a problem of their own. */
    public List<BoundShape> bound() {
        return shapes.stream().flatMap(entry -> entry.bound().stream()).toList();
    }

    /** @throws StackException if there is none of this code */
    public Outlet outlet(String code) {
        return outlets.stream()
                .filter(outlet -> outlet.code().equals(code))
                .findFirst()
                .orElseThrow(() -> noOutlet(code));
    }

    /** That there is none of this code. */
    public static StackException noOutlet(String code) {
        return new StackException("There is no outlet " + code + "; 'warung outlets list' shows all.");
    }

    /** The instances of a shape that enabled outlets hold. */
    public Set<InstanceId> instances(BoundShape shape) {
        return outlets.stream()
                .filter(Outlet::enabled)
                .flatMap(outlet -> instance(shape, outlet).stream())
                .collect(Collectors.toSet());
    }

    /** How many enabled outlets hold an instance of a shape. */
    public long holders(BoundShape shape) {
        return outlets.stream()
                .filter(Outlet::enabled)
                .filter(outlet -> instance(shape, outlet).isPresent())
                .count();
    }

    /** The instances that an outlet holds, the one with the results of its own writes too if it may write. */
    public List<InstanceId> instances(Outlet outlet) {
        List<InstanceId> instances = new ArrayList<>();
        boolean isWriter = false;
        for (BoundShape shape : bound()) {
            Optional<InstanceId> instance = instance(shape, outlet);
            instance.ifPresent(instances::add);
            isWriter |=
                    instance.isPresent() && shape.shape().writable().stream().anyMatch(written::contains);
        }
        if (isWriter) {
            instances.add(new InstanceId(SyncShape.NAME, List.of(outlet.code())));
        }
        return instances;
    }

    /** Why an outlet cannot hold shapes whose parameters it has. */
    public List<ShapeProblem> problems(Outlet outlet) {
        List<ShapeProblem> found = new ArrayList<>();
        for (BoundShape shape : bound()) {
            try {
                shape.instance(outlet.bindings());
            } catch (ShapeException e) {
                found.addAll(e.problems());
            }
        }
        return found;
    }

    private static Optional<InstanceId> instance(BoundShape shape, Outlet outlet) {
        try {
            return shape.instance(outlet.bindings());
        } catch (ShapeException e) {
            return Optional.empty();
        }
    }
}
