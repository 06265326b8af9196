package dev.warung.core.where.bind;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Constant;
import dev.warung.core.where.tree.Construction;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.tree.Unary;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings parts to the type that is wanted; strings and parameters take theirs from where they stand first. */
final class Coercion {

    private final Map<String, SqlType> parameters = new LinkedHashMap<>();
    private final Map<String, Integer> seen = new LinkedHashMap<>();

    /** A parameter, of the type that it has so far. */
    ParameterValue parameter(String name, int position) {
        seen.putIfAbsent(name, position);
        return new ParameterValue(parameters.getOrDefault(name, SqlType.UNKNOWN), name);
    }

    /** The same operand; a parameter whose type was decided since has it. */
    Operand settled(Operand operand) {
        if (operand.expression() instanceof ParameterValue parameter
                && parameter.type().isUnknown()
                && parameters.containsKey(parameter.name())) {
            return new Operand(operand.position(), parameter(parameter.name(), operand.position()));
        }
        return operand;
    }

    /** The types of all parameters, in the order of the clause. */
    Map<String, SqlType> parameters() {
        Map<String, SqlType> inOrder = new LinkedHashMap<>();
        seen.keySet().forEach(name -> inOrder.put(name, parameters.getOrDefault(name, SqlType.UNKNOWN)));
        return inOrder;
    }

    /** Parameters whose type nothing in the clause decides, with their positions. */
    Map<String, Integer> undecided() {
        Map<String, Integer> without = new LinkedHashMap<>(seen);
        Set<String> decided = new LinkedHashSet<>(parameters.keySet());
        without.keySet().removeAll(decided);
        return without;
    }

    /** @throws WhereException if PostgreSQL would not cast this of itself, or a string is not of the type */
    Expression implicit(Operand given, SqlType type) {
        Operand operand = settled(given);
        if (!Casts.isImplicit(operand.type(), type)) {
            throw WhereException.at(operand.position(), "expected " + type + " but this is " + operand.type());
        }
        return cast(operand, type);
    }

    /** @throws WhereException if there is no such cast, or a string is not of the type */
    Expression explicit(Operand operand, SqlType type) {
        return cast(settled(operand), type);
    }

    private Expression cast(Operand operand, SqlType type) {
        Expression expression = operand.expression();
        SqlType from = expression.type();
        if (from.equals(type)) {
            return expression;
        }
        if (from.isUnknown()) {
            return ofUnknown(operand, type);
        }
        if (Casts.isRelabel(from, type) && expression instanceof ColumnValue column) {
            return new ColumnValue(type, column.column(), column.index());
        }
        if (Casts.isRelabel(from, type) && expression instanceof Construction.Collated collated) {
            Operand inner = new Operand(operand.position(), collated.operand());
            return new Construction.Collated(collated.collation(), cast(inner, type));
        }
        Operator cast = Casts.find(from, type)
                .orElseThrow(() -> WhereException.at(
                        operand.position(), "there is no cast from " + from + " to " + type + " here"));
        return new Unary(operand.position(), cast, expression);
    }

    private Expression ofUnknown(Operand operand, SqlType type) {
        if (type.is(SqlType.Kind.OPAQUE)) {
            throw WhereException.at(operand.position(), "values of type " + type + " are not supported");
        }
        if (operand.expression() instanceof ParameterValue parameter) {
            parameters.putIfAbsent(parameter.name(), type);
            return new ParameterValue(type, parameter.name());
        }
        if (operand.expression() instanceof Construction.Collated collated) {
            Operand inner = new Operand(operand.position(), collated.operand());
            return new Construction.Collated(collated.collation(), ofUnknown(inner, type));
        }
        if (!(operand.expression() instanceof Constant constant)) {
            throw WhereException.at(operand.position(), "the type of this part cannot be told: cast it");
        }
        Object value = constant.value();
        if (value == null) {
            return new Constant(type, null);
        }
        try {
            return new Constant(type, Values.parse(type, (String) value));
        } catch (EvaluationException e) {
            throw WhereException.at(
                    operand.position(), Optional.ofNullable(e.getMessage()).orElse("it is no " + type));
        }
    }
}
