package dev.warung.core.where.bind;

import dev.warung.core.schema.Collation;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.tree.Binary;
import dev.warung.core.where.tree.Choice;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Construction;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.tree.Unary;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the operator or function that a name means with these operands, and calls it. */
final class Calls {

    private static final OperatorList OPERATORS = new OperatorList();
    private static final Set<String> AGGREGATES =
            Set.of("count", "sum", "avg", "min", "max", "array_agg", "string_agg", "bool_and", "bool_or", "every");
    private static final Set<String> CHANGING = Set.of(
            "now",
            "random",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "timeofday",
            "age",
            "gen_random_uuid",
            "nextval",
            "current_setting",
            "pg_backend_pid",
            "txid_current");

    /** Operators that ask whether texts are the same. */
    private static final Set<String> COMPARING =
            Set.of("=", "<>", "~~", "!~~", "~~*", "!~~*", "like", "notlike", "@>", "<@", "&&");

    static {
        Comparisons.addTo(OPERATORS);
        NumberOperators.addTo(OPERATORS);
        TimeOperators.addTo(OPERATORS);
        TextOperators.addTo(OPERATORS);
    }

    private final Scope scope;
    private final Coercion coercion;

    Calls(Scope scope, Coercion coercion) {
        this.scope = scope;
        this.coercion = coercion;
    }

    /** An operator's result. @throws WhereException if there is none for these operands */
    Expression operator(int position, String name, List<Operand> given) {
        List<Operand> operands = given.stream().map(coercion::settled).toList();
        return call(position, chosen(position, name, operands), operands);
    }

    /** The operator {@code =} between two operands, and both in its types. */
    Binary equality(int position, Operand left, Operand right) {
        return (Binary) operator(position, "=", List.of(left, right));
    }

    /** The operator of this name for operands of these types. */
    Operator chosen(int position, String name, List<Operand> operands) {
        operands.forEach(this::refuseOpaque);
        List<SqlType> types = operands.stream().map(Operand::type).toList();
        List<Operator> candidates = new ArrayList<>(OPERATORS.named(name, types.size()));
        types.stream().distinct().forEach(type -> candidates.addAll(ofType(name, type, types.size())));
        if (name.equals("||")) {
            textConcatenation(types).ifPresent(candidates::add);
        }
        Resolution.Outcome outcome = Resolution.resolve(candidates, types);
        Operator operator =
                outcome.operator().orElseThrow(() -> notFound(position, name, operands, outcome.isAmbiguous()));
        if (operator.name().equals("^") && operator.result().is(Kind.NUMERIC)) {
            throw WhereException.at(
                    position, "powers of numeric are not supported: cast the operands to double precision");
        }
        return operator;
    }

    private void refuseOpaque(Operand operand) {
        if (operand.type().is(Kind.OPAQUE)) {
            throw WhereException.at(
                    operand.position(),
                    "values of type " + operand.type() + " cannot be compared here, only tested with IS NULL");
        }
    }

    private static List<Operator> ofType(String name, SqlType type, int operands) {
        if (operands != 2 || !(type.is(Kind.ENUM) || type.is(Kind.ARRAY))) {
            return List.of();
        }
        List<Operator> candidates = new ArrayList<>(Comparisons.ofType(name, type));
        if (type.is(Kind.ARRAY)) {
            candidates.addAll(TextOperators.ofArrays(name, type));
        }
        return candidates;
    }

    /** {@code text || anything}: the other operand is printed. */
    private static Optional<Operator> textConcatenation(List<SqlType> types) {
        SqlType left = types.get(0);
        SqlType right = types.get(1);
        boolean isText = (left.isText() || left.isUnknown()) != (right.isText() || right.isUnknown());
        boolean isRight = left.isText() || left.isUnknown();
        SqlType other = isRight ? right : left;
        boolean isOwn = other.is(Kind.ARRAY) || other.is(Kind.JSONB) || other.is(Kind.BYTEA);
        if (!isText || (isOwn && (left.isUnknown() || right.isUnknown()))) {
            return Optional.empty();
        }
        if (other.is(Kind.ARRAY)) {
            return Optional.empty();
        }
        List<SqlType> parameters = isRight ? List.of(SqlType.TEXT, other) : List.of(other, SqlType.TEXT);
        return Casts.find(other, SqlType.TEXT).map(cast -> {
            Operator.Body print = cast.body();
            return new Operator(
                    "||",
                    parameters,
                    SqlType.TEXT,
                    Operator.Strictness.STRICT,
                    cast.volatility(),
                    (a, b) -> isRight ? (String) a + print.apply(b, b) : print.apply(a, a) + (String) b);
        });
    }

    private static WhereException notFound(int position, String name, List<Operand> operands, boolean isAmbiguous) {
        boolean isFunction = Character.isLetter(name.charAt(0));
        String types = operands.stream()
                .map(o -> o.type().name())
                .collect(Collectors.joining(isFunction ? ", " : " " + name + " "));
        String shown = isFunction
                ? "function " + name + "(" + types + ")"
                : "operator " + (operands.size() == 1 ? name + " " : "") + types;
        return WhereException.at(
                position,
                isAmbiguous
                        ? shown + " is not unique: cast an operand"
                        : shown + " does not exist or is not supported: perhaps cast an operand");
    }

    private Expression call(int position, Operator chosen, List<Operand> operands) {
        List<Expression> values = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            values.add(coercion.implicit(operands.get(i), chosen.parameters().get(i)));
        }
        Operator operator = collated(position, chosen, values);
        return values.size() == 1
                ? new Unary(position, operator, values.get(0))
                : new Binary(position, operator, values.get(0), values.get(1));
    }

    private Operator collated(int position, Operator operator, List<Expression> values) {
        if (operator.parameters().stream().noneMatch(TextCollation::has)) {
            return operator;
        }
        Collation collation = scope.collation().of(values);
        if (Comparisons.isOrdering(operator.name())) {
            requireByBytes(position, collation);
        }
        if (collation == Collation.NONDETERMINISTIC && COMPARING.contains(operator.name())) {
            throw WhereException.at(
                    position,
                    "texts of a nondeterministic collation are equal by rules that are not known here:"
                            + " write … COLLATE \"C\" to compare their bytes");
        }
        return collation == Collation.C ? TextOperators.underC(operator) : operator;
    }

    private static void requireByBytes(int position, Collation collation) {
        if (!collation.isByBytes()) {
            throw WhereException.at(
                    position,
                    "texts are ordered by PostgreSQL's collation, which is not known here: write … COLLATE \"C\"");
        }
    }

    /** A function's result. @throws WhereException if there is none of this name for these operands */
    Expression function(int position, String name, List<Operand> given) {
        List<Operand> operands = given.stream().map(coercion::settled).toList();
        if (AGGREGATES.contains(name)) {
            throw WhereException.at(position, "aggregates are not supported: a clause looks at one row");
        }
        if (CHANGING.contains(name)) {
            throw WhereException.at(
                    position, name + "() changes without a change of the row, so no shape can follow it");
        }
        Optional<Expression> special = special(position, name, operands);
        if (special.isPresent()) {
            return special.get();
        }
        SqlType first = operands.isEmpty() ? SqlType.UNKNOWN : operands.get(0).type();
        if (first.is(Kind.ARRAY)) {
            Optional<Operator> measure = TextOperators.measureOf(name, first, operands.size());
            if (measure.isPresent()) {
                return call(position, measure.get(), operands);
            }
        }
        Optional<SqlType> castTo = castNamed(name);
        if (castTo.isPresent() && operands.size() == 1) {
            return coercion.explicit(operands.get(0), castTo.get());
        }
        if (!OPERATORS.has(name) && !name.startsWith("array_")) {
            throw WhereException.at(position, "function " + name + " is unknown or not supported");
        }
        return operator(position, name, operands);
    }

    private static Optional<SqlType> castNamed(String name) {
        return switch (name) {
            case "int2" -> Optional.of(SqlType.INT2);
            case "int4" -> Optional.of(SqlType.INT4);
            case "int8" -> Optional.of(SqlType.INT8);
            case "float4" -> Optional.of(SqlType.FLOAT4);
            case "float8" -> Optional.of(SqlType.FLOAT8);
            case "bool" -> Optional.of(SqlType.BOOL);
            case "timestamptz" -> Optional.of(SqlType.TIMESTAMPTZ);
            case "numeric", "text", "uuid", "date", "jsonb" -> SqlType.named(name);
            default -> Optional.empty();
        };
    }

    private Optional<Expression> special(int position, String name, List<Operand> operands) {
        return switch (name) {
            case "coalesce" -> {
                requireSome(position, name, operands);
                SqlType type = common(position, name, operands);
                yield Optional.of(new Choice.Coalesce(type, allOf(operands, type)));
            }
            case "greatest", "least" -> Optional.of(extreme(position, name, operands));
            case "nullif" -> Optional.of(nullIf(position, operands));
            case "concat" -> {
                requireSome(position, name, operands);
                operands.forEach(this::refuseOpaque);
                yield Optional.of(new Construction.Concat(operands.stream()
                        .map(o -> o.type().isUnknown() ? coercion.implicit(o, SqlType.TEXT) : o.expression())
                        .toList()));
            }
            default -> Optional.empty();
        };
    }

    private static void requireSome(int position, String name, List<Operand> operands) {
        if (operands.isEmpty()) {
            throw WhereException.at(position, name + " needs an argument");
        }
    }

    private Expression extreme(int position, String name, List<Operand> operands) {
        requireSome(position, name, operands);
        SqlType type = common(position, name, operands);
        List<Expression> values = allOf(operands, type);
        if (type.isText()) {
            requireByBytes(position, scope.collation().of(values));
        }
        boolean isOrdered = !(type.is(Kind.ARRAY) || type.is(Kind.JSON) || type.is(Kind.JSONB))
                && !(type.is(Kind.ENUM) && type.labels().isEmpty());
        if (!isOrdered) {
            throw WhereException.at(position, "values of type " + type + " have no order here");
        }
        return new Choice.Extreme(type, name.equals("greatest"), values);
    }

    private Expression nullIf(int position, List<Operand> operands) {
        if (operands.size() != 2) {
            throw WhereException.at(position, "nullif needs two arguments");
        }
        Binary equal = equality(position, operands.get(0), operands.get(1));
        Operand first = coercion.settled(operands.get(0));
        Expression value = first.type().isUnknown() ? equal.left() : first.expression();
        return new Choice.NullIf(equal.operator(), value, equal.left(), equal.right());
    }

    /**
     * The elements of an IN list in the type that PostgreSQL compares in: those that read no column share one with the left side,
     * if there is one, and come first.
     */
    List<Operand> ofOneType(Operand left, List<Operand> elements) {
        List<Operand> fixed = new ArrayList<>();
        List<Operand> others = new ArrayList<>();
        for (Operand element : elements) {
            boolean readsColumn = element.expression().all().anyMatch(ColumnValue.class::isInstance);
            (readsColumn ? others : fixed).add(element);
        }
        List<SqlType> types = new ArrayList<>();
        types.add(left.type());
        fixed.forEach(element -> types.add(element.type()));
        Optional<SqlType> common = Resolution.common(types)
                .filter(type -> types.stream().allMatch(other -> Casts.isImplicit(other, type)));
        if (fixed.size() < 2 || common.isEmpty()) {
            return elements;
        }
        List<Operand> all = new ArrayList<>();
        fixed.forEach(element -> all.add(new Operand(element.position(), coercion.implicit(element, common.get()))));
        all.addAll(others);
        return all;
    }

    /** The type that all operands can take. */
    SqlType common(int position, String what, List<Operand> operands) {
        operands.forEach(this::refuseOpaque);
        List<SqlType> types = operands.stream().map(Operand::type).toList();
        return Resolution.common(types)
                .orElseThrow(() -> WhereException.at(
                        position,
                        what + ": these types do not go together: "
                                + types.stream().map(SqlType::name).distinct().collect(Collectors.joining(", "))));
    }

    List<Expression> allOf(List<Operand> operands, SqlType type) {
        return operands.stream()
                .map(operand -> coercion.implicit(operand, type))
                .toList();
    }
}
