package dev.warung.core.where.tree;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.type.LikeMatcher;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes what does not depend on the row, in the order in which PostgreSQL's planner does: so {@code true OR 1/0 = 1} is true
 * and {@code 1/0 = 1 OR true} is an error.
 */
public final class Folding {

    private static final @Nullable Object[] NO_ROW = {};
    private static final int ONE_OF_MIN = 4;

    private Folding() {}

    /** The expression with values in place of parameters that have one. */
    public static Expression substitute(Expression expression, Map<String, Constant> values) {
        if (expression instanceof ParameterValue parameter) {
            Constant value = values.get(parameter.name());
            return value == null ? expression : value;
        }
        if (expression instanceof Test.InSelect in) {
            SubSelect select = in.select();
            return new Test.InSelect(
                    substitute(in.operand(), values),
                    new SubSelect(
                            select.table(),
                            select.value(),
                            select.where().map(where -> fold(substitute(where, values)))));
        }
        List<Expression> operands = expression.operands();
        if (operands.isEmpty()) {
            return expression;
        }
        return expression.with(
                operands.stream().map(operand -> substitute(operand, values)).toList());
    }

    /** @throws WhereException where a part that does not depend on the row has no value */
    public static Expression fold(Expression expression) {
        if (expression instanceof Logic.And and) {
            return logic(and, false);
        }
        if (expression instanceof Logic.Or or) {
            return logic(or, true);
        }
        if (expression instanceof Choice.Coalesce coalesce) {
            return coalesce(coalesce);
        }
        List<Expression> operands = expression.operands();
        if (operands.isEmpty()) {
            return expression;
        }
        List<Expression> folded = operands.stream().map(Folding::fold).toList();
        Expression changed = expression.with(folded);
        if (changed instanceof Unary unary) {
            return call(changed, unary.operator(), unary.position());
        }
        if (changed instanceof Binary binary) {
            Expression called = call(changed, binary.operator(), binary.position());
            if (called == binary && binary.operator().body() instanceof LikeBody body) {
                return like(binary, body);
            }
            return called == binary ? equality(binary) : called;
        }
        boolean isConstant = folded.stream().allMatch(Constant.class::isInstance)
                && !(changed instanceof Construction.Concat)
                && !(changed instanceof Test.InSelect)
                && !(changed instanceof Choice.NullIf);
        return isConstant ? computed(changed, 1) : changed;
    }

    private static Expression like(Binary binary, LikeBody body) {
        if (!(binary.right() instanceof Constant pattern) || pattern.value() == null) {
            return binary;
        }
        Optional<LikeMatcher> matcher = body.matcher(pattern.value());
        return matcher.isPresent() ? new Fast.Like(binary, binary.left(), body, matcher.get()) : binary;
    }

    private static Expression call(Expression call, Operator operator, int position) {
        if (operator.isStrict()
                && call.operands().stream().anyMatch(o -> o instanceof Constant c && c.value() == null)) {
            return new Constant(call.type(), null);
        }
        boolean isConstant = call.operands().stream().allMatch(Constant.class::isInstance);
        return isConstant && operator.isImmutable() ? computed(call, position) : call;
    }

    private static Expression computed(Expression expression, int position) {
        try {
            return new Constant(expression.type(), expression.evaluate(NO_ROW, InnerSets.NONE));
        } catch (EvaluationException e) {
            throw WhereException.at(position, e.getMessage() == null ? "it has no value" : e.getMessage());
        }
    }

    /** @param deciding the truth that decides as soon as one operand has it; one with the other truth changes nothing */
    private static Expression logic(Logic logic, boolean deciding) {
        List<Expression> kept = new ArrayList<>();
        for (Expression operand : logic.operands()) {
            Expression folded = fold(operand);
            Optional<Boolean> truth = folded instanceof Constant constant ? constant.asTruth() : Optional.empty();
            if (truth.isEmpty()) {
                kept.add(folded);
            } else if (truth.get() == deciding) {
                return folded;
            }
        }
        if (kept.size() < 2) {
            return kept.isEmpty() ? Constant.of(!deciding) : kept.get(0);
        }
        Expression rest = logic.with(kept);
        return rest instanceof Logic.Or or && kept.size() >= ONE_OF_MIN ? oneOf(or) : known(rest);
    }

    /** Only NULL is left: NULL. */
    private static Expression known(Expression logic) {
        return logic.operands().stream().allMatch(Constant.class::isInstance)
                ? new Constant(SqlType.BOOL, null)
                : logic;
    }

    private static Expression coalesce(Choice.Coalesce coalesce) {
        List<Expression> kept = new ArrayList<>();
        for (Expression operand : coalesce.operands()) {
            Expression folded = fold(operand);
            if (folded instanceof Constant constant) {
                if (constant.value() == null) {
                    continue;
                }
                kept.add(folded);
                break;
            }
            kept.add(folded);
        }
        if (kept.isEmpty()) {
            return new Constant(coalesce.type(), null);
        }
        return kept.get(0) instanceof Constant ? kept.get(0) : new Choice.Coalesce(coalesce.type(), kept);
    }

    private static boolean isEqualityOfOneType(Binary binary) {
        Operator operator = binary.operator();
        SqlType left = operator.parameters().get(0);
        SqlType right = operator.parameters().get(1);
        return (operator.name().equals("=") || operator.name().equals("<>"))
                && (left.equals(right) || (left.isInteger() && right.isInteger()));
    }

    private static Expression equality(Binary binary) {
        boolean isSwapped = binary.left() instanceof Constant;
        Expression column = isSwapped ? binary.right() : binary.left();
        Expression value = isSwapped ? binary.left() : binary.right();
        if (!(column instanceof ColumnValue of && value instanceof Constant constant)
                || !isEqualityOfOneType(binary)
                || !column.type().isEqualAsText()
                || constant.value() == null) {
            return binary;
        }
        Object typed = constant.value();
        Object stored = typed instanceof Boolean truth
                ? (Object) (truth ? 1L : 0L)
                : typed instanceof dev.warung.core.where.type.Bytes bytes ? bytes.toArray() : typed;
        String text = Values.text(column.type(), typed);
        return new Fast.Equality(
                binary, of.index(), text, stored, binary.operator().name().equals("<>"));
    }

    /** {@code a = 1 OR a = 2 OR …} as a look-up, if all compare the same with constants of its type. */
    private static Expression oneOf(Logic.Or or) {
        Expression operand = null;
        Set<String> keys = new HashSet<>();
        for (Expression part : or.operands()) {
            Expression origin = part instanceof Fast.Equality fast ? fast.origin() : part;
            if (!(origin instanceof Binary binary
                            && binary.operator().name().equals("=")
                            && binary.left() instanceof ColumnValue column
                            && binary.right() instanceof Constant constant)
                    || !isEqualityOfOneType(binary)
                    || column.type().is(SqlType.Kind.ARRAY)
                    || constant.value() == null
                    || (operand != null && !operand.equals(column))) {
                return known(or);
            }
            operand = column;
            keys.add(Values.key(constant.type(), constant.value()));
        }
        return operand == null ? or : new Fast.OneOf(or, operand, Set.copyOf(keys));
    }
}
