package dev.warung.core.where.bind;

import dev.warung.core.schema.Collation;
import dev.warung.core.where.tree.LikeBody;
import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.type.ArrayValue;
import dev.warung.core.where.type.Bytes;
import dev.warung.core.where.type.JsonText;
import dev.warung.core.where.type.LikePattern;
import dev.warung.core.where.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operators and functions on texts, documents and arrays. */
final class TextOperators {

    private TextOperators() {}

    static void addTo(OperatorList list) {
        SqlType text = SqlType.TEXT;
        list.two("||", text, text, text, (a, b) -> (String) a + b);
        list.two("||", SqlType.BYTEA, SqlType.BYTEA, SqlType.BYTEA, (a, b) -> ((Bytes) a).concat((Bytes) b));
        for (SqlType left : List.of(text, SqlType.BPCHAR)) {
            for (String name : List.of("~~", "like")) {
                list.like(name, left, new LikeBody(Optional.empty(), false));
            }
            for (String name : List.of("!~~", "notlike")) {
                list.like(name, left, new LikeBody(Optional.empty(), true));
            }
            list.like("~~*", left, new LikeBody(Optional.of(Collation.LOCALE), false));
            list.like("!~~*", left, new LikeBody(Optional.of(Collation.LOCALE), true));
        }
        list.two("like_escape", text, text, text, (a, b) -> LikePattern.withEscape((String) a, (String) b));
        list.one("lower", text, text, v -> Collation.LOCALE.lower((String) v));
        list.one("upper", text, text, v -> Collation.LOCALE.upper((String) v));
        for (String name : List.of("length", "char_length", "character_length")) {
            list.one(name, text, SqlType.INT4, v -> (long) ((String) v).codePointCount(0, ((String) v).length()));
        }
        list.one("length", SqlType.BYTEA, SqlType.INT4, v -> (long) ((Bytes) v).length());
        documents(list);
    }

    /** The operator as it is under the collation C, where only ASCII has upper and lower case; the same if it has no case. */
    static Operator underC(Operator operator) {
        Collation c = Collation.C;
        OperatorList list = new OperatorList();
        List<SqlType> types = operator.parameters();
        SqlType result = operator.result();
        return switch (operator.name()) {
            case "lower" -> OperatorList.unary("lower", types.get(0), result, v -> c.lower((String) v));
            case "upper" -> OperatorList.unary("upper", types.get(0), result, v -> c.upper((String) v));
            case "~~*", "!~~*" -> {
                boolean isNegated = operator.name().startsWith("!");
                list.like(operator.name(), types.get(0), new LikeBody(Optional.of(c), isNegated));
                yield list.named(operator.name(), 2).get(0);
            }
            default -> operator;
        };
    }

    private static void documents(OperatorList list) {
        documents(list, SqlType.JSON, JsonText::element);
        documents(list, SqlType.JSONB, JsonText::jsonbElement);
    }

    /** How an element of an array is found. */
    private interface Elements {
        @Nullable
        String at(String text, long index);
    }

    private static void documents(OperatorList list, SqlType type, Elements elements) {
        SqlType text = SqlType.TEXT;
        list.two("->", type, text, type, (a, b) -> JsonText.member((String) a, (String) b));
        list.two("->", type, SqlType.INT4, type, (a, b) -> elements.at((String) a, (Long) b));
        list.two("->>", type, text, text, (a, b) -> JsonText.unquoted(JsonText.member((String) a, (String) b)));
        list.two("->>", type, SqlType.INT4, text, (a, b) -> JsonText.unquoted(elements.at((String) a, (Long) b)));
    }

    /** Operators of array types, which exist in any number: {@code type} is the array's. */
    static List<Operator> ofArrays(String name, SqlType type) {
        SqlType element = type.elementType();
        List<SqlType> both = List.of(type, type);
        return switch (name) {
            case "@>" ->
                List.of(OperatorList.binary(
                        name, both, SqlType.BOOL, (a, b) -> ((ArrayValue) a).containsAll((ArrayValue) b)));
            case "<@" ->
                List.of(OperatorList.binary(
                        name, both, SqlType.BOOL, (a, b) -> ((ArrayValue) b).containsAll((ArrayValue) a)));
            case "&&" ->
                List.of(OperatorList.binary(
                        name, both, SqlType.BOOL, (a, b) -> ((ArrayValue) a).overlaps((ArrayValue) b)));
            case "||", "array_cat" -> concatenations(name, type, element);
            case "array_append" -> List.of(withNull(name, List.of(type, element), type, TextOperators::append));
            case "array_prepend" -> List.of(withNull(name, List.of(element, type), type, (a, b) -> append(b, a, true)));
            default -> List.of();
        };
    }

    private static List<Operator> concatenations(String name, SqlType type, SqlType element) {
        List<Operator> all = new ArrayList<>();
        all.add(withNull(
                name,
                List.of(type, type),
                type,
                (a, b) -> a == null ? b : b == null ? a : ((ArrayValue) a).concat((ArrayValue) b)));
        if (name.equals("||")) {
            all.add(withNull(name, List.of(type, element), type, TextOperators::append));
            all.add(withNull(name, List.of(element, type), type, (a, b) -> append(b, a, true)));
        }
        return all;
    }

    private static Object append(@Nullable Object array, @Nullable Object element) {
        return append(array, element, false);
    }

    private static Object append(@Nullable Object array, @Nullable Object element, boolean isFirst) {
        ArrayValue to = array == null ? ArrayValue.EMPTY : (ArrayValue) array;
        return isFirst ? to.prepend(element) : to.append(element);
    }

    private static Operator withNull(String name, List<SqlType> types, SqlType result, Operator.Body body) {
        return new Operator(name, types, result, Operator.Strictness.TAKES_NULL, Operator.Volatility.IMMUTABLE, body);
    }

    /** Functions of one array, or an array and a number, whose result does not depend on the element type. */
    static Optional<Operator> measureOf(String name, SqlType type, int operands) {
        OperatorList list = new OperatorList();
        list.one(
                "array_ndims",
                type,
                SqlType.INT4,
                v -> ((ArrayValue) v).dimensions() == 0 ? null : (long) ((ArrayValue) v).dimensions());
        list.one("cardinality", type, SqlType.INT4, v ->
                (long) ((ArrayValue) v).elements().size());
        list.two("array_length", type, SqlType.INT4, SqlType.INT4, (a, b) -> {
            ArrayValue array = (ArrayValue) a;
            long dimension = (Long) b;
            return dimension < 1 || dimension > array.dimensions()
                    ? null
                    : (long) array.lengths().get((int) dimension - 1);
        });
        return list.named(name, operands).stream().findFirst();
    }

    /** {@code array[index]}. */
    static Operator elementOf(SqlType type) {
        return OperatorList.binary(
                "[]", List.of(type, SqlType.INT4), type.elementType(), (a, b) -> ((ArrayValue) a).element((Long) b));
    }
}
