package dev.warung.core.shape;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Tables;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A shape that was checked against the descriptions of its tables. All its instances share it.
 *
 * <p>Thread: any; it never changes. When one of its tables is described anew, bind the shape again.
 */
public final class BoundShape {

    private final Shape shape;
    private final List<BoundTable> tables;

    BoundShape(Shape shape, List<BoundTable> tables) {
        this.shape = shape;
        this.tables = List.copyOf(tables);
    }

    /**
     * @param known the captured tables
     * @throws ShapeException with all problems of the shape
     */
    public static BoundShape bind(Shape shape, Tables known) {
        return new ShapeBinder(shape, known).bind();
    }

    public Shape shape() {
        return shape;
    }

    public String name() {
        return shape.name();
    }

    /** In the order of the declaration. */
    public List<BoundTable> tables() {
        return tables;
    }

    /**
     * The instance that an outlet with these attributes holds; empty if it lacks a parameter. Values are in one
     * spelling, so that an outlet with {@code 7} and one with {@code 007} share an instance where the parameter is a number.
     *
     * @throws ShapeException if a value is not of its parameter's type, or a clause fails with it
     */
    public Optional<InstanceId> instance(Map<String, String> attributes) {
        List<String> values = new ArrayList<>();
        List<ShapeProblem> problems = new ArrayList<>();
        for (String parameter : shape.parameters()) {
            String text = attributes.get(parameter);
            if (text == null) {
                return Optional.empty();
            }
            values.add(canonical(parameter, text, problems));
        }
        if (problems.isEmpty()) {
            addFailures(values, problems);
        }
        if (!problems.isEmpty()) {
            throw new ShapeException(problems);
        }
        return Optional.of(new InstanceId(shape.name(), values));
    }

    /** The values of an instance by name, for {@link WhereClause#with}. */
    public Map<String, @Nullable String> valuesOf(InstanceId instance) {
        Map<String, @Nullable String> values = new HashMap<>();
        for (int i = 0; i < instance.values().size(); i++) {
            values.put(shape.parameters().get(i), instance.values().get(i));
        }
        return values;
    }

    private String canonical(String parameter, String text, List<ShapeProblem> problems) {
        Set<String> spellings = new LinkedHashSet<>();
        for (BoundTable table : tables) {
            SqlType type = table.where().map(w -> w.parameters().get(parameter)).orElse(null);
            if (type == null) {
                continue;
            }
            try {
                spellings.add(Values.text(type, Values.parse(type, text)));
            } catch (EvaluationException e) {
                problems.add(ShapeProblem.of(
                        shape.name(),
                        table.table().id(),
                        "parameter " + parameter + ": " + Objects.toString(e.getMessage())));
            }
        }
        // Where types differ, so may the spellings: then the text itself tells instances apart.
        return spellings.size() == 1 ? spellings.iterator().next() : text;
    }

    private void addFailures(List<String> values, List<ShapeProblem> problems) {
        Map<String, @Nullable String> byName = valuesOf(new InstanceId(shape.name(), values));
        for (BoundTable table : tables) {
            try {
                table.where().ifPresent(where -> where.with(byName));
            } catch (WhereException e) {
                problems.add(ShapeProblem.of(shape.name(), table.table().id(), Objects.toString(e.getMessage())));
            }
        }
    }

    /**
     * One text for each meaning of the shape: while it stays the same, so do the rows and the columns that an instance has for given rows
     * of the tables. When it changes, a new generation of each instance begins. What may be written is not part of it.
     */
    public String description() {
        StringBuilder text = new StringBuilder();
        text.append(shape.name()).append(shape.parameters());
        for (int i = 0; i < tables.size(); i++) {
            BoundTable table = tables.get(i);
            append(text, table.table(), table.columns());
            text.append(table.table().key());
            shape.tables().get(i).where().ifPresent(text::append);
            table.where().ifPresent(where -> appendMeaning(text, table.table(), where));
        }
        return text.toString();
    }

    private static void appendMeaning(StringBuilder text, TableSchema table, WhereClause where) {
        append(text, table, where.columns());
        for (SubSelect select : where.subSelects()) {
            append(text, select.table(), columnsOf(select));
        }
    }

    private static Set<Column> columnsOf(SubSelect select) {
        return Stream.concat(select.value().all(), select.where().stream().flatMap(Expression::all))
                .filter(ColumnValue.class::isInstance)
                .map(part -> ((ColumnValue) part).column())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static void append(StringBuilder text, TableSchema table, Collection<Column> columns) {
        text.append('\n').append(table.id()).append(' ').append(table.generation());
        columns.forEach(column -> text.append('\n')
                .append(column.attnum())
                .append(' ')
                .append(column.name())
                .append(' ')
                .append(column.type())
                .append(column.notNull() ? " not null" : ""));
        text.append('\n');
    }

    @Override
    public String toString() {
        return shape.toString();
    }
}
