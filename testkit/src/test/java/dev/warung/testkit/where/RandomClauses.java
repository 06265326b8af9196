package dev.warung.testkit.where;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Random clauses of the supported grammar over a table's columns.
 *
 * <p>Parameters are written {@code :p1}; {@link Clause#withLiterals} has strings in their place, which PostgreSQL gives a type by
 * the same rules.
 */
final class RandomClauses {

    /** @param parameters values by name */
    record Clause(String text, Map<String, String> parameters) {
        String withLiterals() {
            String filled = text;
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                filled = filled.replace(":" + parameter.getKey() + "~", EdgeValues.quoted(parameter.getValue()));
            }
            return filled;
        }

        String withParameters() {
            String filled = text;
            for (String name : parameters.keySet()) {
                filled = filled.replace(":" + name + "~", ":" + name);
            }
            return filled;
        }
    }

    private static final List<String> COMPARISONS = List.of("=", "<>", "!=", "<", "<=", ">", ">=");
    private static final List<String> NUMBERS = List.of("int2", "int4", "int8", "numeric", "float4", "float8");
    private static final List<String> EQUALITY_ONLY =
            List.of("jsonb", "int4[]", "int8[]", "text[]", "numeric[]", "float8[]", "timestamptz[]");
    private static final List<String> SELECTED = List.of(
            "int2",
            "int4",
            "int8",
            "numeric",
            "float4",
            "float8",
            "text",
            "varchar",
            "bpchar",
            "uuid",
            "date",
            "timestamptz",
            "interval",
            "bool",
            "rasa",
            "jsonb",
            "time",
            "bytea",
            "name");
    /** Types between which an operator exists without a cast. */
    private static final Map<String, List<String>> RELATED = Map.of(
            "int2", NUMBERS,
            "int4", NUMBERS,
            "int8", NUMBERS,
            "numeric", NUMBERS,
            "float4", NUMBERS,
            "float8", NUMBERS,
            "date", List.of("date", "timestamp", "timestamptz"),
            "timestamp", List.of("date", "timestamp", "timestamptz"),
            "timestamptz", List.of("date", "timestamp", "timestamptz"),
            "text", List.of("text", "varchar", "bpchar", "name"));

    private final Random random;
    private final Map<String, String> columns;
    private final String table;
    private final boolean mayErr;
    private Map<String, String> parameters = new TreeMap<>();

    /** @param columns name → type */
    RandomClauses(Random random, String table, Map<String, String> columns, boolean mayErr) {
        this.random = random;
        this.table = table;
        this.columns = columns;
        this.mayErr = mayErr;
    }

    Clause next() {
        parameters = new TreeMap<>();
        String text = condition(3);
        return new Clause(text, Map.copyOf(parameters));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    String condition(int depth) {
        int kind = random.nextInt(depth > 0 ? 100 : 60);
        if (kind < 24) {
            return comparison(depth);
        }
        if (kind < 30) {
            return nullTest(depth);
        }
        if (kind < 37) {
            return inList(depth);
        }
        if (kind < 43) {
            return between(depth);
        }
        if (kind < 50) {
            return like(depth);
        }
        if (kind < 56) {
            return quantified(depth);
        }
        if (kind < 58) {
            return arrayTest();
        }
        if (kind < 60) {
            return inSelect(depth);
        }
        if (kind < 72) {
            return joined(" AND ", depth);
        }
        if (kind < 82) {
            return joined(" OR ", depth);
        }
        if (kind < 88) {
            return "NOT (" + condition(depth - 1) + ")";
        }
        if (kind < 93) {
            return "(" + condition(depth - 1) + ") IS " + (chance(50) ? "NOT " : "")
                    + pick(List.of("TRUE", "FALSE", "UNKNOWN", "NULL"));
        }
        return distinct(depth);
    }

    private String joined(String word, int depth) {
        StringJoiner joined = new StringJoiner(word);
        for (int i = 0; i < 2 + random.nextInt(3); i++) {
            String part = condition(depth - 1);
            joined.add(chance(80) ? "(" + part + ")" : (chance(30) ? "NOT " : "") + "(" + part + ")");
        }
        return joined.toString();
    }

    private String comparison(int depth) {
        String type = pick(EdgeValues.TYPES);
        String other = chance(25) ? pick(RELATED.getOrDefault(type, List.of(type))) : type;
        List<String> operators =
                EQUALITY_ONLY.contains(type) || EQUALITY_ONLY.contains(other) ? List.of("=", "<>") : COMPARISONS;
        boolean isBare = chance(60);
        String left = value(type, depth);
        String right = isBare ? literal(other) : value(other, depth);
        return chance(85) || isBare && left.startsWith("'")
                ? left + " " + pick(operators) + " " + right
                : right + " " + pick(operators) + " " + left;
    }

    private String distinct(int depth) {
        String type = pick(EdgeValues.TYPES);
        return value(type, depth) + " IS " + (chance(50) ? "NOT " : "") + "DISTINCT FROM "
                + (chance(60) ? literal(type) : value(type, depth));
    }

    private String nullTest(int depth) {
        return value(pick(EdgeValues.TYPES), depth) + pick(List.of(" IS NULL", " IS NOT NULL", " ISNULL", " NOTNULL"));
    }

    private String inList(int depth) {
        String type = pick(EdgeValues.TYPES);
        StringJoiner list = new StringJoiner(", ", "(", ")");
        int length = 1 + random.nextInt(6);
        for (int i = 0; i < length; i++) {
            list.add(chance(8) ? "NULL" : chance(85) ? literal(type) : column(type));
        }
        return value(type, depth) + (chance(30) ? " NOT IN " : " IN ") + list;
    }

    private String inSelect(int depth) {
        String type = pick(SELECTED);
        boolean isInteger = List.of("int2", "int4", "int8").contains(type);
        String inner = isInteger ? pick(List.of("int2", "int4", "int8")) : type;
        return value(type, depth) + (chance(40) ? " NOT IN" : " IN") + " (SELECT " + column(inner) + " FROM " + table
                + (chance(85) ? " WHERE " + (chance(60) ? comparison(0) : nullTest(0)) : "") + ")";
    }

    private String between(int depth) {
        String type = pick(EdgeValues.TYPES.stream()
                .filter(t -> !EQUALITY_ONLY.contains(t))
                .toList());
        return value(type, depth) + (chance(30) ? " NOT" : "") + " BETWEEN " + (chance(20) ? "SYMMETRIC " : "")
                + literal(type) + " AND " + (chance(70) ? literal(type) : value(type, depth));
    }

    private String like(int depth) {
        String type = pick(List.of("text", "text", "varchar", "bpchar", "name"));
        String pattern = pick(List.of(
                "a%",
                "%", "_", "%c", "a_c", "A%", "%b%", "a\\%c", "a\\_%", "", "é", "É", "_😀%", "%\\", "a\\", "%_c",
                "a%b%c", "__", "\\\\", "%é%"));
        String escape = chance(15) ? " ESCAPE " + pick(List.of("'!'", "''", "'%'", "'\\'", "'ab'", "'a'")) : "";
        String word = (chance(25) ? " NOT" : "") + (chance(35) ? " ILIKE " : " LIKE ");
        return value(type, depth) + word + (chance(85) ? parameterOr(pattern) : column("text")) + escape;
    }

    private String quantified(int depth) {
        String element = pick(List.of("int4", "int8", "text", "numeric", "float8", "timestamptz"));
        String array = element + "[]";
        List<String> operators = chance(60) ? List.of("=") : COMPARISONS;
        String operator =
                element.equals("text") && chance(20) ? pick(List.of("LIKE", "ILIKE", "NOT LIKE")) : pick(operators);
        return value(element, depth) + " " + operator + pick(List.of(" ANY", " ALL", " SOME")) + " ("
                + (chance(50) ? column(array) : chance(50) ? literal(array) : arrayOf(element)) + ")";
    }

    private String arrayOf(String element) {
        StringJoiner array = new StringJoiner(", ", "ARRAY[", "]::" + element + "[]");
        for (int i = 0; i < random.nextInt(4); i++) {
            array.add(chance(10) ? "NULL" : chance(60) ? literal(element) : column(element));
        }
        return array.toString();
    }

    private String arrayTest() {
        String type = pick(List.of("int4[]", "text[]", "numeric[]", "float8[]", "int8[]", "timestamptz[]"));
        return column(type)
                + pick(List.of(" @> ", " <@ ", " && ", " = ", " <> "))
                + (chance(60) ? literal(type) : value(type, 1));
    }

    /** A column of the type or, if there is none, a literal with a cast. */
    private String column(String type) {
        List<String> names = new ArrayList<>();
        columns.forEach((name, of) -> {
            if (of.equals(type)) {
                names.add(name);
            }
        });
        return names.isEmpty() ? typed(type) : pick(names);
    }

    private String typed(String type) {
        String name = type.equals("rasa") ? "public.rasa" : type;
        String content = EdgeValues.quoted(EdgeValues.of(type, random));
        boolean hasPrefixForm = List.of(
                        "date", "time", "timestamp", "timestamptz", "interval", "uuid", "numeric", "float8")
                .contains(type);
        return hasPrefixForm && chance(50) ? name + " " + content : content + "::" + name;
    }

    /** A literal whose type comes from the other operand, a number, or one with a cast. */
    private String literal(String type) {
        String content = EdgeValues.of(type, random);
        boolean isPlainNumber = NUMBERS.contains(type) && content.matches("-?[0-9.]+");
        if (isPlainNumber && chance(60)) {
            return content;
        }
        if (type.equals("bool") && chance(60)) {
            return content;
        }
        return chance(30) ? typed(type) : parameterOr(content);
    }

    private String parameterOr(String content) {
        if (chance(70)) {
            return EdgeValues.quoted(content);
        }
        String name = "p" + (parameters.size() + 1);
        parameters.put(name, content);
        return ":" + name + "~";
    }

    /** An expression that has this type whatever stands beside it. */
    private String value(String type, int depth) {
        if (depth <= 0 || chance(55)) {
            return column(type);
        }
        List<String> forms = new RandomValues(this, depth - 1).of(type);
        return forms.isEmpty() ? column(type) : pick(forms);
    }

    String inner(String type, int depth) {
        return value(type, depth);
    }

    String columnOf(String type) {
        return column(type);
    }

    boolean mayErr() {
        return mayErr && chance(40);
    }
}
