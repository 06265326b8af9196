package dev.warung.stack.fleet;

import dev.warung.core.shape.BoundShape;
import dev.warung.core.shape.BoundTable;
import dev.warung.core.shape.InstanceId;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.where.KeyPart;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.where.bind.Tables;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.syntax.ClauseText;
import dev.warung.core.where.tree.InnerSets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says why shapes hold a row, or do not.
 *
 * <p>Thread: one.
 */
public final class Explanation {

    private final SourceRow row;
    private final List<Outlet> outlets;
    private final Tables known;
    private final InnerSets sets;

    /** @param sets knows what sub-selects give in the row's snapshot */
    public Explanation(SourceRow row, List<Outlet> outlets, Tables known, InnerSets sets) {
        this.row = row;
        this.outlets = List.copyOf(outlets);
        this.known = known;
        this.sets = sets;
    }

    /**
     * What one shape has to do with the row.
     *
     * @param instance its parameters' values; empty if none can be told
     * @param outlets that hold the instance, with the row or without
     * @param reasons why the row is not held; empty if it is
     */
    public record Verdict(
            String shape, Optional<InstanceId> instance, boolean isHeld, List<Outlet> outlets, List<String> reasons) {
        public Verdict {
            outlets = List.copyOf(outlets);
            reasons = List.copyOf(reasons);
        }
    }

    /** Of each instance that holds the row; of one that does not, if none does. Empty if the shape does not have the table. */
    public List<Verdict> of(BoundShape shape) {
        Optional<BoundTable> table = tableOf(shape);
        if (table.isEmpty()) {
            return List.of();
        }
        Map<InstanceId, List<Outlet>> instances = new LinkedHashMap<>();
        Optional<InstanceId> own = instanceOfRow(shape, table.get());
        own.ifPresent(instance -> instances.put(instance, new ArrayList<>()));
        List<String> broken = new ArrayList<>();
        for (Outlet outlet : outlets) {
            try {
                shape.instance(outlet.bindings())
                        .ifPresent(instance -> instances
                                .computeIfAbsent(instance, none -> new ArrayList<>())
                                .add(outlet));
            } catch (ShapeException e) {
                broken.add("outlet " + outlet.code() + " cannot hold it: " + e.getMessage());
            }
        }
        List<Verdict> held = new ArrayList<>();
        List<Verdict> others = new ArrayList<>();
        instances.forEach((instance, holders) -> {
            Verdict verdict = verdict(shape, table.get(), instance, holders);
            (verdict.isHeld() ? held : others).add(verdict);
        });
        if (!held.isEmpty()) {
            return held;
        }
        if (others.isEmpty()) {
            broken.add(0, "no outlet has " + String.join(", ", shape.shape().parameters()));
            return List.of(new Verdict(shape.name(), Optional.empty(), false, List.of(), broken));
        }
        return List.of(others.get(0));
    }

    /** Of the instance that one outlet holds. Empty if the shape does not have the table. */
    public Optional<Verdict> of(BoundShape shape, Outlet outlet) {
        Optional<BoundTable> table = tableOf(shape);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<InstanceId> instance = shape.instance(outlet.bindings());
            return instance.map(id -> verdict(shape, table.get(), id, List.of(outlet)))
                    .or(() -> Optional.of(new Verdict(
                            shape.name(),
                            Optional.empty(),
                            false,
                            List.of(),
                            List.of("the outlet lacks " + lacking(shape, outlet)))));
        } catch (ShapeException e) {
            return Optional.of(new Verdict(
                    shape.name(), Optional.empty(), false, List.of(), List.of(String.valueOf(e.getMessage()))));
        }
    }

    private static String lacking(BoundShape shape, Outlet outlet) {
        List<String> names = new ArrayList<>(shape.shape().parameters());
        names.removeAll(outlet.attributes().keySet());
        return String.join(", ", names);
    }

    private Optional<BoundTable> tableOf(BoundShape shape) {
        return shape.tables().stream()
                .filter(table -> table.table().id().equals(row.table().id()))
                .findFirst();
    }

    /** The values that the row itself gives for all parameters, where each equals a column. */
    private Optional<InstanceId> instanceOfRow(BoundShape shape, BoundTable table) {
        Map<String, String> values = new TreeMap<>();
        if (table.where().isPresent()) {
            for (KeyPart part : table.where().get().routing().keys()) {
                Object value = row.values()[part.column().index()];
                if (value != null) {
                    values.put(part.parameter(), value.toString());
                }
            }
        }
        try {
            return shape.instance(values);
        } catch (ShapeException e) {
            return Optional.empty();
        }
    }

    private Verdict verdict(BoundShape shape, BoundTable table, InstanceId instance, List<Outlet> holders) {
        Map<String, @Nullable String> values = shape.valuesOf(instance);
        List<String> reasons = new ArrayList<>();
        boolean isHeld = table.where().isEmpty();
        if (!isHeld) {
            isHeld = truth(table.where().get(), values).equals("true");
        }
        if (!isHeld) {
            reasons.addAll(reasons(shape.shape(), table.where().orElseThrow(), values));
        }
        return new Verdict(shape.name(), Optional.of(instance), isHeld, holders, reasons);
    }

    private List<String> reasons(Shape shape, WhereClause whole, Map<String, @Nullable String> values) {
        String text = shape.tables().stream()
                .filter(table -> table.table().equals(row.table().id()))
                .flatMap(table -> table.where().stream())
                .findFirst()
                .orElseThrow();
        List<String> reasons = new ArrayList<>();
        for (String part : ClauseText.conjuncts(text)) {
            conjunct(part, values).ifPresent(reasons::add);
        }
        return reasons.isEmpty() ? List.of(reason(text, whole, values)) : reasons;
    }

    /** Why one part of a clause excludes the row; empty if it does not, or has a meaning in the whole clause only. */
    private Optional<String> conjunct(String part, Map<String, @Nullable String> values) {
        try {
            WhereClause where = WhereClause.parse(part, Scope.of(row.table()).withTables(known));
            return truth(where, values).equals("true") ? Optional.empty() : Optional.of(reason(part, where, values));
        } catch (WhereException e) {
            return Optional.empty();
        }
    }

    private String reason(String text, WhereClause where, Map<String, @Nullable String> values) {
        List<String> facts = new ArrayList<>();
        where.columns().forEach(column -> facts.add(column.name() + " is " + row.shown(column)));
        where.parameters()
                .keySet()
                .forEach(name -> facts.add(":" + name + " is '" + values.getOrDefault(name, "") + "'"));
        return text + " is " + truth(where, values) + (facts.isEmpty() ? "" : ": " + String.join(", ", facts));
    }

    /** In words. */
    private String truth(WhereClause where, Map<String, @Nullable String> values) {
        try {
            Boolean truth = where.with(values).evaluate(row.values(), sets);
            return truth == null ? "unknown" : truth.toString();
        } catch (EvaluationException | WhereException e) {
            return "an error (" + e.getMessage() + ")";
        }
    }
}
