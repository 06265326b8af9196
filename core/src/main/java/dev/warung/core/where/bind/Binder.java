package dev.warung.core.where.bind;

import dev.warung.core.schema.Collation;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.problem.WhereProblem;
import dev.warung.core.where.syntax.Syntax;
import dev.warung.core.where.tree.Binary;
import dev.warung.core.where.tree.Constant;
import dev.warung.core.where.tree.Construction;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.tree.Folding;
import dev.warung.core.where.tree.Logic;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.core.where.tree.Test;
import dev.warung.core.where.tree.Unary;
import dev.warung.core.where.type.ArrayValue;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.SqlType.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Syntax → typed tree. Problems in the branches of AND, OR and lists are reported together.
 *
 * <p>Thread: one; used once.
 */
public final class Binder {

    private final Scope scope;
    private final Coercion coercion;
    private final Calls calls;
    private final Literals literals;
    /** What each kind of syntax means. */
    private final Map<Class<?>, Function<Syntax, Expression>> meanings = new HashMap<>();

    private Binder(Scope scope, Coercion coercion) {
        this.scope = scope;
        this.coercion = coercion;
        this.calls = new Calls(scope, coercion);
        this.literals = new Literals(scope);
        leaves();
        conditions();
        operations();
    }

    /** A clause with the types of its parameters. */
    public record Bound(Expression expression, Map<String, SqlType> parameters) {
        public Bound {
            parameters = Map.copyOf(parameters);
        }
    }

    /** @throws WhereException if the clause is not a condition on the table, with all problems found */
    public static Bound bind(Syntax syntax, Scope scope) {
        Coercion coercion = new Coercion();
        Expression expression = new Binder(scope, coercion).condition("the clause", syntax);
        List<WhereProblem> undecided = new ArrayList<>();
        coercion.undecided()
                .forEach((name, position) -> undecided.add(new WhereProblem(
                        position, "the type of parameter " + name + " cannot be told: cast it, as in :p::text")));
        if (!undecided.isEmpty()) {
            throw new WhereException(undecided);
        }
        return new Bound(Folding.fold(expression), coercion.parameters());
    }

    private Expression condition(String what, Syntax syntax) {
        Operand operand = coercion.settled(operand(syntax));
        if (!operand.type().isUnknown() && !operand.type().is(Kind.BOOL)) {
            throw WhereException.at(syntax.position(), what + " must be boolean, but this is " + operand.type());
        }
        return coercion.implicit(operand, SqlType.BOOL);
    }

    private Operand operand(Syntax syntax) {
        return new Operand(syntax.position(), expression(syntax));
    }

    private Expression expression(Syntax syntax) {
        Function<Syntax, Expression> meaning = meanings.get(syntax.getClass());
        if (meaning == null) {
            throw new IllegalStateException("no meaning for " + syntax);
        }
        return meaning.apply(syntax);
    }

    private <S extends Syntax> void on(Class<S> kind, Function<S, Expression> meaning) {
        meanings.put(kind, syntax -> meaning.apply(kind.cast(syntax)));
    }

    private void leaves() {
        on(Syntax.Name.class, literals::column);
        on(Syntax.Text.class, text -> new Constant(SqlType.UNKNOWN, text.value()));
        on(Syntax.Numeral.class, Literals::number);
        on(Syntax.Truth.class, truth -> Constant.of(truth.value()));
        on(Syntax.Null.class, unknown -> new Constant(SqlType.UNKNOWN, null));
        on(Syntax.Parameter.class, parameter -> coercion.parameter(parameter.name(), parameter.position()));
    }

    private void conditions() {
        on(Syntax.And.class, and -> new Logic.And(conditions("an operand of AND", and.operands())));
        on(Syntax.Or.class, or -> new Logic.Or(conditions("an operand of OR", or.operands())));
        on(Syntax.Not.class, not -> new Logic.Not(condition("the operand of NOT", not.operand())));
        on(Syntax.NullTest.class, test -> new Test.NullTest(expression(test.operand()), test.negated()));
        on(Syntax.TruthTest.class, this::truthTest);
        on(Syntax.Distinct.class, this::distinct);
        on(Syntax.InList.class, this::inList);
        on(Syntax.InSelect.class, this::inSelect);
        on(Syntax.Between.class, this::between);
        on(Syntax.Like.class, this::like);
        on(Syntax.Quantified.class, this::quantified);
    }

    private void operations() {
        on(
                Syntax.Infix.class,
                infix -> calls.operator(
                        infix.position(), infix.operator(), operands(List.of(infix.left(), infix.right()))));
        on(Syntax.Prefix.class, this::prefix);
        on(Syntax.Cast.class, this::cast);
        on(Syntax.Call.class, call -> calls.function(call.position(), call.function(), operands(call.arguments())));
        on(Syntax.Array.class, this::array);
        on(Syntax.Element.class, this::element);
        on(Syntax.Collate.class, this::collate);
    }

    private Expression truthTest(Syntax.TruthTest test) {
        return new Test.TruthTest(
                condition("the operand of IS " + shown(test.wanted()), test.operand()), test.wanted(), test.negated());
    }

    private Expression distinct(Syntax.Distinct distinct) {
        List<Operand> both = operands(List.of(distinct.left(), distinct.right()));
        Binary equal = calls.equality(distinct.position(), both.get(0), both.get(1));
        return new Test.Distinct(equal.operator(), equal.left(), equal.right(), distinct.negated());
    }

    private static String shown(Optional<Boolean> wanted) {
        return wanted.map(truth -> truth ? "TRUE" : "FALSE").orElse("UNKNOWN");
    }

    /** All of them, or all their problems. */
    private static <P, T> List<T> each(List<P> parts, Function<P, T> step) {
        List<T> results = new ArrayList<>();
        List<WhereProblem> problems = new ArrayList<>();
        for (P part : parts) {
            try {
                results.add(step.apply(part));
            } catch (WhereException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new WhereException(problems);
        }
        return results;
    }

    private List<Expression> conditions(String what, List<Syntax> parts) {
        return each(parts, part -> condition(what, part));
    }

    private List<Operand> operands(List<Syntax> parts) {
        return each(parts, this::operand);
    }

    private Expression prefix(Syntax.Prefix prefix) {
        if (prefix.operand() instanceof Syntax.Numeral number
                && prefix.operator().equals("-")) {
            // So that the smallest integers can be written; -5 and -(5) are the same in every other respect.
            return Literals.number(new Syntax.Numeral(number.position(), "-" + number.value()));
        }
        return calls.operator(prefix.position(), prefix.operator(), operands(List.of(prefix.operand())));
    }

    private static Expression negatedIf(boolean negated, Expression expression) {
        return negated ? new Logic.Not(expression) : expression;
    }

    private Expression inList(Syntax.InList in) {
        Operand left = operand(in.operand());
        List<Operand> elements = operands(in.elements());
        List<Expression> tests =
                each(calls.ofOneType(left, elements), element -> calls.equality(in.position(), left, element));
        return negatedIf(in.negated(), tests.size() == 1 ? tests.get(0) : new Logic.Or(tests));
    }

    private Expression between(Syntax.Between between) {
        List<Operand> all = operands(List.of(between.operand(), between.low(), between.high()));
        Operand value = all.get(0);
        Expression inside = inside(between.position(), value, all.get(1), all.get(2));
        if (between.between().symmetric()) {
            inside = new Logic.Or(List.of(inside, inside(between.position(), value, all.get(2), all.get(1))));
        }
        return negatedIf(between.between().negated(), inside);
    }

    private Expression inside(int position, Operand value, Operand low, Operand high) {
        return new Logic.And(List.of(
                calls.operator(position, ">=", List.of(value, low)),
                calls.operator(position, "<=", List.of(value, high))));
    }

    private Expression like(Syntax.Like like) {
        List<Operand> both = operands(List.of(like.operand(), like.pattern()));
        Operand pattern = both.get(1);
        if (like.escape().isPresent()) {
            Operand escape = operand(like.escape().get());
            pattern = new Operand(
                    pattern.position(), calls.operator(like.position(), "like_escape", List.of(pattern, escape)));
        }
        return calls.operator(like.position(), like.like().operator(), List.of(both.get(0), pattern));
    }

    private Expression quantified(Syntax.Quantified quantified) {
        List<Operand> both = operands(List.of(quantified.left(), quantified.array()));
        Operand array = coercion.settled(both.get(1));
        Operand left = coercion.settled(both.get(0));
        if (!array.type().isUnknown() && !array.type().is(Kind.ARRAY)) {
            throw WhereException.at(array.position(), "ANY and ALL need an array, but this is " + array.type());
        }
        // Any element: it has the array's collation.
        Expression any = array.type().isUnknown()
                ? new Constant(SqlType.UNKNOWN, null)
                : new Binary(
                        array.position(),
                        TextOperators.elementOf(array.type()),
                        array.expression(),
                        new Constant(SqlType.INT4, 1L));
        Operand element = new Operand(array.position(), any);
        Binary test = (Binary) calls.operator(quantified.position(), quantified.operator(), List.of(left, element));
        Operator operator = test.operator();
        if (!operator.result().is(Kind.BOOL)) {
            throw WhereException.at(quantified.position(), "the operator before ANY and ALL must give a boolean");
        }
        SqlType arrayType = SqlType.arrayOf(operator.parameters().get(1));
        return new Test.Quantified(operator, test.left(), coercion.explicit(array, arrayType), quantified.all());
    }

    private Expression inSelect(Syntax.InSelect in) {
        Syntax.Select select = in.select();
        List<String> name = select.table().parts();
        Optional<String> schema = name.size() > 1 ? Optional.of(name.get(0)) : Optional.empty();
        TableSchema inner = scope.tables()
                .find(schema, name.get(name.size() - 1))
                .orElseThrow(() -> WhereException.at(
                        select.table().position(),
                        "table " + String.join(".", name)
                                + " is not captured, or a sub-select is not allowed at this place"));
        Operand left = operand(in.operand());
        Binder innerBinder = new Binder(scope.inside(inner), coercion);
        Operand column = innerBinder.operand(select.column());
        Optional<Expression> where =
                select.where().map(w -> Folding.fold(innerBinder.condition("the inner clause", w)));
        Binary equal = calls.equality(in.position(), left, column);
        SqlType a = equal.left().type();
        SqlType b = equal.right().type();
        boolean isOneFamily = a.equals(b)
                || (a.isInteger() && b.isInteger())
                || (a.kind().category() == 'N'
                        && b.kind().category() == 'N'
                        && a.is(Kind.NUMERIC) == b.is(Kind.NUMERIC))
                || (a.isText() && b.isText() && !a.is(Kind.BPCHAR) && !b.is(Kind.BPCHAR));
        if (!isOneFamily || a.is(Kind.ARRAY)) {
            throw WhereException.at(in.position(), "cast one side of IN to the type of the other: " + a + ", " + b);
        }
        return negatedIf(in.negated(), new Test.InSelect(equal.left(), new SubSelect(inner, equal.right(), where)));
    }

    private Expression cast(Syntax.Cast cast) {
        SqlType type = literals.type(cast.type());
        Expression value;
        if (cast.operand() instanceof Syntax.Array array && type.is(Kind.ARRAY)) {
            value = arrayOf(array, type);
        } else {
            value = coercion.explicit(operand(cast.operand()), type);
        }
        if (cast.type().modifiers().isEmpty()) {
            return value;
        }
        Operator toLength = Casts.toLength(type, cast.type().modifiers())
                .orElseThrow(() ->
                        WhereException.at(cast.type().position(), "modifiers of type " + type + " are not supported"));
        return new Unary(cast.position(), toLength, value);
    }

    /** {@code ARRAY[…]::type[]}: the elements take the type. */
    private Expression arrayOf(Syntax.Array array, SqlType type) {
        if (array.elements().isEmpty()) {
            return new Constant(type, ArrayValue.EMPTY);
        }
        boolean isNested = array.elements().get(0) instanceof Syntax.Array;
        List<Expression> elements = each(
                array.elements(),
                element -> element instanceof Syntax.Array inner
                        ? arrayOf(inner, type)
                        : coercion.explicit(operand(element), isNested ? type : type.elementType()));
        return new Construction.ArrayBuild(type, elements);
    }

    private Expression array(Syntax.Array array) {
        if (array.elements().isEmpty()) {
            throw WhereException.at(array.position(), "an empty array needs a type: ARRAY[]::integer[]");
        }
        List<Operand> elements = operands(array.elements());
        SqlType common = calls.common(array.position(), "ARRAY", elements);
        SqlType type = common.is(Kind.ARRAY) ? common : SqlType.arrayOf(common);
        return new Construction.ArrayBuild(type, calls.allOf(elements, common));
    }

    private Expression element(Syntax.Element element) {
        Operand array = coercion.settled(operand(element.array()));
        if (!array.type().is(Kind.ARRAY)) {
            throw WhereException.at(array.position(), "only arrays have elements, but this is " + array.type());
        }
        Expression index = coercion.implicit(operand(element.index()), SqlType.INT4);
        return new Binary(element.position(), TextOperators.elementOf(array.type()), array.expression(), index);
    }

    private Expression collate(Syntax.Collate collate) {
        Operand operand = coercion.settled(operand(collate.operand()));
        if (!operand.type().isText() && !operand.type().isUnknown()) {
            throw WhereException.at(collate.position(), "only texts have a collation, but this is " + operand.type());
        }
        if (Collation.named(collate.collation()).isEmpty()) {
            throw WhereException.at(
                    collate.position(), "the collation \"" + collate.collation() + "\" is not known here; \"C\" is");
        }
        return new Construction.Collated(collate.collation(), operand.expression());
    }
}
