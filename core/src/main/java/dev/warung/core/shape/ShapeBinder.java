package dev.warung.core.shape;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.ControlRows;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.where.bind.Tables;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.problem.WhereProblem;
import dev.warung.core.where.syntax.ClauseText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Declared shape → {@link BoundShape}, collecting every problem on the way.
 *
 * <p>Thread: one; used once.
 */
final class ShapeBinder {

    private static final Pattern SHAPE_NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern PARAMETER_NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final Shape shape;
    private final Tables known;
    private final List<ShapeProblem> problems = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    ShapeBinder(Shape shape, Tables known) {
        this.shape = shape;
        this.known = known;
    }

    BoundShape bind() {
        checkNames();
        List<BoundTable> tables = new ArrayList<>();
        Set<TableId> seen = new HashSet<>();
        for (ShapeTable table : shape.tables()) {
            if (seen.add(table.table())) {
                bound(table).ifPresent(tables::add);
            } else {
                report(table, "it is declared twice; one entry holds all its rows: join the clauses with OR");
            }
        }
        for (TableId table : shape.writable()) {
            if (!seen.contains(table)) {
                report("writable names " + table + ", which is not one of its tables");
            }
        }
        if (problems.isEmpty()) {
            checkUse();
        }
        if (!problems.isEmpty()) {
            throw new ShapeException(problems);
        }
        return new BoundShape(shape, tables);
    }

    private void checkNames() {
        if (!SHAPE_NAME.matcher(shape.name()).matches()) {
            report("a name has 1 to 40 lower-case letters, digits or '-', and begins with a letter");
        }
        if (shape.name().equals(SyncShape.NAME) && !shape.equals(SyncShape.SHAPE)) {
            report("the name is taken: it is the shape of what became of an outlet's writes");
        }
        if (shape.tables().isEmpty()) {
            report("it has no table");
        }
        Set<String> seen = new HashSet<>();
        for (String parameter : shape.parameters()) {
            if (!PARAMETER_NAME.matcher(parameter).matches()) {
                report("parameter " + parameter
                        + ": a name has lower-case letters, digits or '_', 63 at most, and no digit first");
            }
            if (!seen.add(parameter)) {
                report("parameter " + parameter + " is declared twice");
            }
        }
    }

    /** Told only where all clauses are understood: before, every parameter of a broken clause would seem unused. */
    private void checkUse() {
        for (String parameter : shape.parameters()) {
            if (!used.contains(parameter)) {
                report("parameter " + parameter + " is in no clause, so each of its values would hold the same rows");
            }
        }
    }

    private Optional<BoundTable> bound(ShapeTable declared) {
        TableId id = declared.table();
        if (id.schema().equals(ControlRows.SCHEMA) && !shape.equals(SyncShape.SHAPE)) {
            report(declared, "the pipeline's own tables are not for outlets");
            return Optional.empty();
        }
        Optional<TableSchema> schema = known.find(Optional.of(id.schema()), id.name());
        if (schema.isEmpty()) {
            report(declared, "there is no captured table of this name");
            return Optional.empty();
        }
        List<Integer> positions = positions(declared, schema.get());
        return Optional.of(new BoundTable(schema.get(), positions, where(declared, schema.get())));
    }

    private List<Integer> positions(ShapeTable declared, TableSchema schema) {
        List<String> copied = schema.copiedColumns().stream().map(Column::name).toList();
        Set<Integer> positions = new TreeSet<>();
        if (declared.columns().isEmpty()) {
            for (int i = 0; i < copied.size(); i++) {
                positions.add(i);
            }
            return List.copyOf(positions);
        }
        for (String name : declared.columns()) {
            int position = copied.indexOf(name);
            if (position >= 0 && !positions.add(position)) {
                report(declared, "column " + name + " is named twice");
            } else if (position < 0) {
                boolean isVirtual = schema.column(name).isPresent();
                report(declared, isVirtual ? "column " + name + " is computed on read" : "unknown column " + name);
            }
        }
        List<String> missing = new ArrayList<>(schema.key());
        missing.removeAll(new LinkedHashSet<>(declared.columns()));
        if (!missing.isEmpty()) {
            report(declared, "its columns lack the key: " + String.join(", ", missing));
        }
        return List.copyOf(positions);
    }

    private Optional<WhereClause> where(ShapeTable declared, TableSchema schema) {
        if (declared.where().isEmpty()) {
            return Optional.empty();
        }
        try {
            ClauseText.parameters(declared.where().get()).forEach((parameter, position) -> {
                used.add(parameter);
                if (!shape.parameters().contains(parameter)) {
                    report(
                            declared,
                            "where at character " + position + ": unknown parameter " + parameter
                                    + "; the shape declares " + shape.parameters());
                }
            });
            return Optional.of(
                    WhereClause.parse(declared.where().get(), Scope.of(schema).withTables(known)));
        } catch (WhereException e) {
            for (WhereProblem problem : e.problems()) {
                report(declared, "where " + problem);
            }
            return Optional.empty();
        }
    }

    private void report(String message) {
        problems.add(ShapeProblem.of(shape.name(), message));
    }

    private void report(ShapeTable table, String message) {
        problems.add(ShapeProblem.of(shape.name(), table.table(), message));
    }
}
