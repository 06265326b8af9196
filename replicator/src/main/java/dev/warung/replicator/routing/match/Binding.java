package dev.warung.replicator.routing.match;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.tree.Constant;
import dev.warung.core.where.tree.ParameterValue;
import dev.warung.core.where.type.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The values of one instance, read as the types that clauses give its parameters; one parameter may have several. */
final class Binding {

    private final ShapeInstance instance;
    private final Map<ParameterValue, Constant> values = new HashMap<>(4);

    Binding(ShapeInstance instance) {
        this.instance = instance;
    }

    /** @throws WhereException if the text is not of the parameter's type */
    Constant of(ParameterValue parameter) {
        return values.computeIfAbsent(parameter, this::read);
    }

    private Constant read(ParameterValue parameter) {
        String text = instance.values().get(instance.shape().parameters().indexOf(parameter.name()));
        try {
            return new Constant(parameter.type(), Values.parse(parameter.type(), text));
        } catch (EvaluationException e) {
            throw WhereException.at(1, "parameter " + parameter.name() + ": " + e.getMessage());
        }
    }

    Object value(ParameterValue parameter) {
        return Objects.requireNonNull(of(parameter).value());
    }

    Map<String, Constant> byName(List<ParameterValue> parameters) {
        Map<String, Constant> named = new HashMap<>();
        parameters.forEach(parameter -> named.put(parameter.name(), of(parameter)));
        return named;
    }

    /** One key for values that {@code =} holds equal. */
    Object key(List<ParameterValue> parameters) {
        Object[] parts = new Object[parameters.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = LookupKeys.of(parameters.get(i).type(), value(parameters.get(i)));
        }
        return LookupKeys.tuple(parts);
    }

    /** One key for the very same values. */
    Object exactKey(List<ParameterValue> parameters) {
        Object[] parts = new Object[parameters.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = LookupKeys.exactly(parameters.get(i).type(), value(parameters.get(i)));
        }
        return LookupKeys.tuple(parts);
    }
}
