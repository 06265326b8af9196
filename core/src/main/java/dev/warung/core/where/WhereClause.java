package dev.warung.core.where;

import dev.warung.core.schema.Column;
import dev.warung.core.where.bind.Binder;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.problem.WhereProblem;
import dev.warung.core.where.sqlite.SqliteFilter;
import dev.warung.core.where.syntax.Parser;
import dev.warung.core.where.tree.Binary;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Constant;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Folding;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.Logic;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.core.where.tree.Test;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A where clause that was checked against a table: {@code branch_id = :branch_id and created_at > date '2026-01-01'}.
 *
 * <p>Guarantees: what it says about a row is what PostgreSQL says about it, with the exceptions that docs/where-clauses.md lists.
 * Thread: any; it never changes.
 */
public final class WhereClause {

    private final Expression tree;
    private final Map<String, SqlType> parameters;

    private WhereClause(Expression tree, Map<String, SqlType> parameters) {
        this.tree = tree;
        this.parameters = Map.copyOf(parameters);
    }

    /** @throws WhereException with all problems found, each with its position */
    public static WhereClause parse(String text, Scope scope) {
        Binder.Bound bound = Binder.bind(Parser.parse(text), scope);
        return new WhereClause(bound.expression(), bound.parameters());
    }

    public Expression tree() {
        return tree;
    }

    /** The parameters and what their values are read as; positional ones have their number as name. */
    public Map<String, SqlType> parameters() {
        return parameters;
    }

    /**
     * The clause with values for its parameters.
     *
     * @param values texts as PostgreSQL reads them, null for NULL; those of other names are ignored
     * @throws WhereException if one is missing or not of its type
     */
    public WhereClause with(Map<String, @Nullable String> values) {
        Map<String, Constant> constants = new HashMap<>();
        List<WhereProblem> problems = new ArrayList<>();
        parameters.forEach((name, type) -> {
            if (!values.containsKey(name)) {
                problems.add(new WhereProblem(1, "parameter " + name + " was not provided"));
                return;
            }
            String text = values.get(name);
            try {
                constants.put(name, new Constant(type, text == null ? null : Values.parse(type, text)));
            } catch (EvaluationException e) {
                problems.add(new WhereProblem(1, "parameter " + name + ": " + e.getMessage()));
            }
        });
        if (!problems.isEmpty()) {
            throw new WhereException(problems);
        }
        return new WhereClause(Folding.fold(Folding.substitute(tree, constants)), Map.of());
    }

    /**
     * Whether the clause takes a row: true, false, or null for unknown, which takes none.
     *
     * @param row in the order of the table's copied columns: PostgreSQL's canonical texts, or what SQLite stores for them
     * @throws EvaluationException where PostgreSQL would fail the query
     */
    public @Nullable Boolean evaluate(@Nullable Object[] row, InnerSets sets) {
        return tree.truth(row, sets);
    }

    /** Whether the clause, which has no sub-select, takes a row. @throws EvaluationException as {@link #evaluate} */
    public boolean takes(@Nullable Object[] row) {
        return Boolean.TRUE.equals(tree.truth(row, InnerSets.NONE));
    }

    /** The columns of the table that it reads: an update of others cannot change what it says. */
    public Set<Column> columns() {
        Set<Column> columns = new LinkedHashSet<>();
        tree.all().forEach(part -> {
            if (part instanceof ColumnValue value) {
                columns.add(value.column());
            }
        });
        return columns;
    }

    /** The sub-selects in it, which {@link InnerSets} must know when it is evaluated. */
    public List<SubSelect> subSelects() {
        return tree.all()
                .filter(Test.InSelect.class::isInstance)
                .map(part -> ((Test.InSelect) part).select())
                .distinct()
                .toList();
    }

    /** What routing can look up by hash, and what is left to evaluate. */
    public Routing routing() {
        List<Expression> conjuncts = tree instanceof Logic.And and ? and.operands() : List.of(tree);
        List<KeyPart> keys = new ArrayList<>();
        List<Expression> rest = new ArrayList<>();
        for (Expression conjunct : conjuncts) {
            Optional<KeyPart> key = key(conjunct);
            key.ifPresentOrElse(keys::add, () -> rest.add(conjunct));
        }
        if (rest.isEmpty()) {
            return new Routing(keys, Optional.empty());
        }
        Expression residual = rest.size() == 1 ? rest.get(0) : new Logic.And(rest);
        return new Routing(keys, Optional.of(new WhereClause(residual, parametersOf(residual))));
    }

    private Map<String, SqlType> parametersOf(Expression part) {
        Map<String, SqlType> used = new HashMap<>();
        namesIn(part).forEach(name -> used.put(name, parameters.getOrDefault(name, SqlType.TEXT)));
        return used;
    }

    private static Set<String> namesIn(Expression part) {
        Set<String> names = new LinkedHashSet<>();
        part.all().forEach(one -> {
            if (one instanceof ParameterValue value) {
                names.add(value.name());
            } else if (one instanceof Test.InSelect in) {
                in.select().where().ifPresent(where -> names.addAll(namesIn(where)));
            }
        });
        return names;
    }

    private static Optional<KeyPart> key(Expression conjunct) {
        if (!(conjunct instanceof Binary binary) || !binary.operator().name().equals("=")) {
            return Optional.empty();
        }
        boolean isSwapped = binary.left() instanceof ParameterValue;
        Expression column = isSwapped ? binary.right() : binary.left();
        Expression value = isSwapped ? binary.left() : binary.right();
        if (!(column instanceof ColumnValue of) || !(value instanceof ParameterValue parameter)) {
            return Optional.empty();
        }
        boolean isOneType = of.type().equals(parameter.type())
                || (of.type().isInteger() && parameter.type().isInteger());
        return isOneType && !of.type().is(SqlType.Kind.ARRAY)
                ? Optional.of(new KeyPart(of, parameter.name(), parameter.type()))
                : Optional.empty();
    }

    /**
     * What SQLite can decide of it, over a replica's table.
     *
     * @param name gives the column's name there, quoted
     */
    public SqliteFilter sqlite(Function<Column, String> name) {
        return SqliteFilter.of(tree, name);
    }
}
