package dev.warung.testkit.where;

import java.util.ArrayList;
import java.util.List;

/** Expressions of a type that are more than a column: arithmetic, functions, casts. */
final class RandomValues {

    private final RandomClauses clauses;
    private final int depth;

    RandomValues(RandomClauses clauses, int depth) {
        this.clauses = clauses;
        this.depth = depth;
    }

    private String of1(String type) {
        return clauses.inner(type, depth);
    }

    /** Each call makes new ones; empty where only columns and literals exist. */
    List<String> of(String type) {
        List<String> forms = new ArrayList<>(
                switch (type) {
                    case "int4" -> integers();
                    case "int8" ->
                        List.of(
                                "(" + of1("int8") + " # 5)",
                                "(" + of1("int4") + " & 7::int8)",
                                "abs(" + of1("int4") + "::int8)");
                    case "int2" ->
                        List.of(
                                "(" + of1("int2") + " & 3::int2)",
                                "(~ " + of1("int2") + ")",
                                "(" + of1("int2") + " % 5::int2)");
                    case "numeric" -> numerics();
                    case "float8" -> floats();
                    case "float4" -> List.of("(- " + of1("float4") + ")", "(@ " + of1("float4") + ")");
                    case "bool" ->
                        List.of(
                                "(" + of1("int4") + " = 1)",
                                "(" + of1("text") + " IS NULL)",
                                "(" + of1("int4") + ")::bool");
                    case "text" -> texts();
                    case "date" -> dates();
                    case "timestamp" ->
                        List.of(of1("timestamptz") + "::timestamp", "greatest(" + of1("timestamp") + ", '2020-01-01')");
                    case "timestamptz" ->
                        List.of(
                                of1("timestamp") + "::timestamptz",
                                "coalesce(" + of1("timestamptz") + ", '2020-01-01Z')");
                    case "interval" -> intervals();
                    case "time" -> List.of(of1("timestamp") + "::time", "least(" + of1("time") + ", '10:00')");
                    case "jsonb" ->
                        List.of(
                                "(" + of1("jsonb") + " -> 'a')",
                                "(" + of1("jsonb") + " -> 0)",
                                "(" + of1("jsonb") + " -> -1)");
                    case "int4[]" ->
                        List.of("(" + of1("int4[]") + " || '{5}')", "array_cat(NULL, " + of1("int4[]") + ")");
                    case "varchar" -> List.of(of1("text") + "::varchar(3)", of1("int4") + "::varchar");
                    case "bpchar" -> List.of(of1("text") + "::char(3)");
                    case "bytea" -> List.of("(" + of1("bytea") + " || '\\x01')");
                    default -> List.<String>of();
                });
        if (clauses.mayErr()) {
            List<String> risky = risky(type);
            return risky.isEmpty() ? forms : risky;
        }
        forms.add("coalesce(" + of1(type) + ", " + clauses.columnOf(type) + ")");
        forms.add("nullif(" + of1(type) + ", " + clauses.columnOf(type) + ")");
        return forms;
    }

    private List<String> integers() {
        return List.of(
                "(" + of1("int2") + " + 100)",
                "(" + of1("int4") + " / 7)",
                "(" + of1("int4") + " % 7)",
                "(" + of1("int4") + " | 8)",
                "length(" + of1("text") + ")",
                "(" + of1("jsonb") + " ->> 'a' IS NULL)::int",
                "cardinality(" + of1("int4[]") + ")",
                "(" + of1("int4[]") + ")[1]",
                "array_ndims(" + of1("text[]") + ")",
                "array_length(" + of1("int4[]") + ", 1)",
                "greatest(" + of1("int4") + ", 3, " + of1("int2") + ")",
                of1("bool") + "::int",
                "length(" + of1("bpchar") + ")");
    }

    private List<String> numerics() {
        return List.of(
                "(" + of1("numeric") + " + 1.5)",
                "(" + of1("numeric") + " * -2.50)",
                "(" + of1("numeric") + " / 3)",
                "(" + of1("numeric") + " - " + of1("int8") + ")",
                "(" + of1("int8") + " * 1.1)",
                "abs(" + of1("numeric") + ")",
                "(" + of1("numeric") + " % 0.7)",
                of1("int8") + "::numeric",
                "(- " + of1("numeric") + ")",
                of1("float8") + "::numeric",
                of1("float4") + "::numeric",
                "(" + of1("int4") + " / 3.00)");
    }

    private List<String> floats() {
        return List.of(
                "(- " + of1("float8") + ")",
                "(" + of1("int4") + " * 0.5::float8)",
                "(" + of1("int4") + " ^ 2)",
                "(|/ abs(" + of1("int4") + "::float8))",
                "(" + of1("int4") + " / 3::float8)",
                of1("float4") + "::float8",
                "(" + of1("float4") + " + 1::float8)",
                of1("int8") + "::float8",
                "(" + of1("int4") + " + 0.1::float4)");
    }

    private List<String> texts() {
        return List.of(
                "lower(" + of1("text") + ")",
                "upper(" + of1("text") + ")",
                "(" + of1("text") + " || 'x')",
                "(" + of1("text") + " || " + of1("int4") + ")",
                "concat(" + of1("text") + ", " + of1("bool") + ", " + of1("int4") + ", " + of1("bpchar") + ")",
                of1("int8") + "::text",
                of1("numeric") + "::text",
                of1("float8") + "::text",
                of1("float4") + "::text",
                of1("date") + "::text",
                of1("timestamp") + "::text",
                of1("timestamptz") + "::text",
                of1("interval") + "::text",
                of1("uuid") + "::text",
                of1("jsonb") + "::text",
                of1("rasa") + "::text",
                of1("bpchar") + "::text",
                of1("bool") + "::text",
                of1("bytea") + "::text",
                of1("int4[]") + "::text",
                of1("text[]") + "::text",
                of1("time") + "::text",
                of1("timestamptz[]") + "::text",
                of1("float8[]") + "::text",
                "(" + of1("jsonb") + " ->> 'a')",
                "(" + of1("jsonb") + " ->> 1)",
                "(" + of1("jsonb") + " -> 'b' ->> 1)",
                "(" + of1("jsonb") + "::json -> 'a' ->> 'a')",
                "(" + of1("jsonb") + "::json ->> -1)",
                "(" + of1("jsonb") + "::json -> 0)::text",
                "(" + of1("text[]") + ")[2]",
                "(" + of1("bpchar") + " || 'y')",
                of1("varchar") + "::text",
                "(" + of1("text") + " COLLATE \"C\")",
                "concat(" + of1("numeric") + ", " + of1("date") + ")");
    }

    private List<String> dates() {
        return List.of(
                of1("timestamp") + "::date",
                of1("timestamptz") + "::date",
                "greatest(" + of1("date") + ", '2020-01-01')",
                "date('2024-05-06')");
    }

    private List<String> intervals() {
        return List.of(
                "(" + of1("interval") + " * 1)",
                of1("time") + "::interval",
                "(" + of1("time") + " - time '01:02:03')",
                "justify_hours(interval '1 day 30:00:01')",
                "least(" + of1("interval") + ", '40 days')");
    }

    /** Forms that fail on some rows. */
    private List<String> risky(String type) {
        return switch (type) {
            case "int4" ->
                List.of(
                        "(" + of1("int4") + " / " + clauses.columnOf("int4") + ")",
                        "(" + of1("int4") + " * 3)",
                        "(" + of1("int4") + " + 1)",
                        "(" + of1("text") + ")::int",
                        "(- " + of1("int4") + ")",
                        of1("float8") + "::int",
                        of1("numeric") + "::int4",
                        "(" + of1("date") + " - date '2020-01-01')",
                        "(" + of1("jsonb") + " ->> 'a')::int",
                        "(7 % " + of1("int4") + ")");
            case "int2" -> List.of(of1("int4") + "::int2", "(" + of1("int2") + " * 2::int2)", of1("float4") + "::int2");
            case "int8" ->
                List.of(
                        "(" + of1("int8") + " + 1)",
                        "(" + of1("int8") + " * " + of1("int4") + ")",
                        "(" + of1("numeric") + ")::int8");
            case "numeric" ->
                List.of(
                        "(" + of1("numeric") + " / " + of1("int4") + ")",
                        of1("text") + "::numeric",
                        of1("numeric") + "::numeric(10,2)",
                        "(" + of1("numeric") + " % " + clauses.columnOf("numeric") + ")",
                        "(" + of1("numeric") + " / " + clauses.columnOf("numeric") + ")");
            case "float8" ->
                List.of(
                        "(" + of1("float8") + " * " + of1("float8") + ")",
                        "(" + of1("float8") + " / " + of1("float4") + ")",
                        "(|/ " + of1("float8") + ")",
                        of1("text") + "::float8",
                        of1("numeric") + "::float8",
                        "(" + of1("float8") + " + " + of1("float8") + ")");
            case "float4" ->
                List.of(
                        of1("float8") + "::float4", "(" + of1("float4") + " * " + clauses.columnOf("float4") + ")",
                        "(" + of1("float4") + " / " + clauses.columnOf("float4") + ")",
                                "(" + of1("float4") + " - " + clauses.columnOf("float4") + ")");
            default -> riskyOthers(type);
        };
    }

    private List<String> riskyOthers(String type) {
        return switch (type) {
            case "bool" -> List.of(of1("text") + "::bool");
            case "date" ->
                List.of(
                        "(" + of1("date") + " + 30)",
                        "(" + of1("date") + " - " + of1("int4") + ")",
                        clauses.columnOf("text") + "::date");
            case "timestamp" ->
                List.of(
                        "(" + of1("timestamp") + " + " + of1("interval") + ")",
                        "(" + of1("date") + " - " + of1("interval") + ")",
                        "(" + of1("date") + " + " + of1("time") + ")",
                        of1("date") + "::timestamp",
                        "(" + of1("timestamp") + " - interval '1 mon 1 day')");
            case "timestamptz" ->
                List.of(
                        "(" + of1("timestamptz") + " - " + of1("interval") + ")",
                        of1("date") + "::timestamptz",
                        "(interval '13 months' + " + of1("timestamptz") + ")");
            case "interval" ->
                List.of(
                        "(" + of1("timestamp") + " - " + of1("timestamp") + ")",
                        "(" + of1("interval") + " + " + of1("interval") + ")",
                        "(" + of1("interval") + " * 0.37)",
                        "(" + of1("interval") + " / 7)",
                        "(- " + of1("interval") + ")",
                        "justify_interval(" + of1("interval") + ")",
                        "justify_days(" + of1("interval") + ")",
                        "justify_hours(" + of1("interval") + ")",
                        "(2.5::float8 * " + of1("interval") + ")",
                        "(" + of1("interval") + " - " + of1("interval") + ")");
            case "time" ->
                List.of(
                        "(" + of1("time") + " + " + of1("interval") + ")",
                        of1("interval") + "::time",
                        "(" + of1("time") + " - " + of1("interval") + ")");
            case "uuid" -> List.of("(" + of1("text") + ")::uuid");
            case "jsonb" -> List.of("(" + of1("text") + ")::jsonb");
            case "int4[]" ->
                List.of(
                        "(" + of1("int4[]") + " || " + of1("int4") + ")",
                        "array_append(" + of1("int4[]") + ", 3)",
                        "array_prepend(" + of1("int4") + ", " + of1("int4[]") + ")",
                        "(" + of1("int4[]") + " || " + of1("int4[]") + ")",
                        "ARRAY[" + of1("int4") + ", 2]",
                        of1("int8[]") + "::int4[]",
                        "(" + of1("text") + ")::int4[]");
            default -> List.of();
        };
    }
}
