package dev.warung.testkit.where;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions of a type that are more than a column: arithmetic, functions, casts. */
final class RandomValues {

    /** In a form {@code <int4>} stands for any expression of the type, {@code <column int4>} for a column. */
    private static final Pattern PART = Pattern.compile("<(column )?([a-z0-9\\[\\]]+)>");

    private static final Map<String, List<String>> FORMS = Map.ofEntries(
            Map.entry(
                    "int4",
                    List.of(
                            "(<int2> + 100)",
                            "(<int4> / 7)",
                            "(<int4> % 7)",
                            "(<int4> | 8)",
                            "length(<text>)",
                            "(<jsonb> ->> 'a' IS NULL)::int",
                            "cardinality(<int4[]>)",
                            "(<int4[]>)[1]",
                            "array_ndims(<text[]>)",
                            "array_length(<int4[]>, 1)",
                            "greatest(<int4>, 3, <int2>)",
                            "<bool>::int",
                            "length(<bpchar>)")),
            Map.entry("int8", List.of("(<int8> # 5)", "(<int4> & 7::int8)", "abs(<int4>::int8)")),
            Map.entry("int2", List.of("(<int2> & 3::int2)", "(~ <int2>)", "(<int2> % 5::int2)")),
            Map.entry(
                    "numeric",
                    List.of(
                            "(<numeric> + 1.5)",
                            "(<numeric> * -2.50)",
                            "(<numeric> / 3)",
                            "(<numeric> - <int8>)",
                            "(<int8> * 1.1)",
                            "abs(<numeric>)",
                            "(<numeric> % 0.7)",
                            "<int8>::numeric",
                            "(- <numeric>)",
                            "<float8>::numeric",
                            "<float4>::numeric",
                            "(<int4> / 3.00)")),
            Map.entry(
                    "float8",
                    List.of(
                            "(- <float8>)",
                            "(<int4> * 0.5::float8)",
                            "(<int4> ^ 2)",
                            "(|/ abs(<int4>::float8))",
                            "(<int4> / 3::float8)",
                            "<float4>::float8",
                            "(<float4> + 1::float8)",
                            "<int8>::float8",
                            "(<int4> + 0.1::float4)")),
            Map.entry("float4", List.of("(- <float4>)", "(@ <float4>)")),
            Map.entry("bool", List.of("(<int4> = 1)", "(<text> IS NULL)", "(<int4>)::bool")),
            Map.entry(
                    "text",
                    List.of(
                            "lower(<text>)",
                            "upper(<text>)",
                            "(<text> || 'x')",
                            "(<text> || <int4>)",
                            "concat(<text>, <bool>, <int4>, <bpchar>)",
                            "<int8>::text",
                            "<numeric>::text",
                            "<float8>::text",
                            "<float4>::text",
                            "<date>::text",
                            "<timestamp>::text",
                            "<timestamptz>::text",
                            "<interval>::text",
                            "<uuid>::text",
                            "<jsonb>::text",
                            "<rasa>::text",
                            "<bpchar>::text",
                            "<bool>::text",
                            "<bytea>::text",
                            "<int4[]>::text",
                            "<text[]>::text",
                            "<time>::text",
                            "<timestamptz[]>::text",
                            "<float8[]>::text",
                            "(<jsonb> ->> 'a')",
                            "(<jsonb> ->> 1)",
                            "(<jsonb> -> 'b' ->> 1)",
                            "(<jsonb>::json -> 'a' ->> 'a')",
                            "(<jsonb>::json ->> -1)",
                            "(<jsonb>::json -> 0)::text",
                            "(<text[]>)[2]",
                            "(<bpchar> || 'y')",
                            "<varchar>::text",
                            "(<text> COLLATE \"C\")",
                            "concat(<numeric>, <date>)")),
            Map.entry(
                    "date",
                    List.of(
                            "<timestamp>::date",
                            "<timestamptz>::date",
                            "greatest(<date>, '2020-01-01')",
                            "date('2024-05-06')")),
            Map.entry("timestamp", List.of("<timestamptz>::timestamp", "greatest(<timestamp>, '2020-01-01')")),
            Map.entry("timestamptz", List.of("<timestamp>::timestamptz", "coalesce(<timestamptz>, '2020-01-01Z')")),
            Map.entry(
                    "interval",
                    List.of(
                            "(<interval> * 1)",
                            "<time>::interval",
                            "(<time> - time '01:02:03')",
                            "justify_hours(interval '1 day 30:00:01')",
                            "least(<interval>, '40 days')")),
            Map.entry("time", List.of("<timestamp>::time", "least(<time>, '10:00')")),
            Map.entry("jsonb", List.of("(<jsonb> -> 'a')", "(<jsonb> -> 0)", "(<jsonb> -> -1)")),
            Map.entry("int4[]", List.of("(<int4[]> || '{5}')", "array_cat(NULL, <int4[]>)")),
            Map.entry("varchar", List.of("<text>::varchar(3)", "<int4>::varchar")),
            Map.entry("bpchar", List.of("<text>::char(3)")),
            Map.entry("bytea", List.of("(<bytea> || '\\x01')")));

    /** Forms that fail on some rows. */
    private static final Map<String, List<String>> RISKY = Map.ofEntries(
            Map.entry(
                    "int4",
                    List.of(
                            "(<int4> / <column int4>)",
                            "(<int4> * 3)",
                            "(<int4> + 1)",
                            "(<text>)::int",
                            "(- <int4>)",
                            "<float8>::int",
                            "<numeric>::int4",
                            "(<date> - date '2020-01-01')",
                            "(<jsonb> ->> 'a')::int",
                            "(7 % <int4>)")),
            Map.entry("int2", List.of("<int4>::int2", "(<int2> * 2::int2)", "<float4>::int2")),
            Map.entry("int8", List.of("(<int8> + 1)", "(<int8> * <int4>)", "(<numeric>)::int8")),
            Map.entry(
                    "numeric",
                    List.of(
                            "(<numeric> / <int4>)",
                            "<text>::numeric",
                            "<numeric>::numeric(10,2)",
                            "(<numeric> % <column numeric>)",
                            "(<numeric> / <column numeric>)")),
            Map.entry(
                    "float8",
                    List.of(
                            "(<float8> * <float8>)",
                            "(<float8> / <float4>)",
                            "(|/ <float8>)",
                            "<text>::float8",
                            "<numeric>::float8",
                            "(<float8> + <float8>)")),
            Map.entry(
                    "float4",
                    List.of(
                            "<float8>::float4",
                            "(<float4> * <column float4>)",
                            "(<float4> / <column float4>)",
                            "(<float4> - <column float4>)")),
            Map.entry("bool", List.of("<text>::bool")),
            Map.entry("date", List.of("(<date> + 30)", "(<date> - <int4>)", "<column text>::date")),
            Map.entry(
                    "timestamp",
                    List.of(
                            "(<timestamp> + <interval>)",
                            "(<date> - <interval>)",
                            "(<date> + <time>)",
                            "<date>::timestamp",
                            "(<timestamp> - interval '1 mon 1 day')")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "(<timestamptz> - <interval>)",
                            "<date>::timestamptz",
                            "(interval '13 months' + <timestamptz>)")),
            Map.entry(
                    "interval",
                    List.of(
                            "(<timestamp> - <timestamp>)",
                            "(<interval> + <interval>)",
                            "(<interval> * 0.37)",
                            "(<interval> / 7)",
                            "(- <interval>)",
                            "justify_interval(<interval>)",
                            "justify_days(<interval>)",
                            "justify_hours(<interval>)",
                            "(2.5::float8 * <interval>)",
                            "(<interval> - <interval>)")),
            Map.entry("time", List.of("(<time> + <interval>)", "<interval>::time", "(<time> - <interval>)")),
            Map.entry("uuid", List.of("(<text>)::uuid")),
            Map.entry("jsonb", List.of("(<text>)::jsonb")),
            Map.entry(
                    "int4[]",
                    List.of(
                            "(<int4[]> || <int4>)",
                            "array_append(<int4[]>, 3)",
                            "array_prepend(<int4>, <int4[]>)",
                            "(<int4[]> || <int4[]>)",
                            "ARRAY[<int4>, 2]",
                            "<int8[]>::int4[]",
                            "(<text>)::int4[]")));

    private final RandomClauses clauses;
    private final int depth;

    RandomValues(RandomClauses clauses, int depth) {
        this.clauses = clauses;
        this.depth = depth;
    }

    /** Each call makes new ones; empty where only columns and literals exist. */
    List<String> of(String type) {
        List<String> forms = new ArrayList<>(filled(FORMS.getOrDefault(type, List.of())));
        if (clauses.mayErr()) {
            List<String> risky = filled(RISKY.getOrDefault(type, List.of()));
            return risky.isEmpty() ? forms : risky;
        }
        for (String form : List.of("coalesce(<%s>, <column %s>)", "nullif(<%s>, <column %s>)")) {
            forms.add(filled(form.replace("%s", type)));
        }
        return forms;
    }

    private List<String> filled(List<String> forms) {
        return forms.stream().map(this::filled).toList();
    }

    private String filled(String form) {
        return PART.matcher(form).replaceAll(part -> Matcher.quoteReplacement(part(part)));
    }

    private String part(MatchResult part) {
        String type = part.group(2);
        return part.group(1) == null ? clauses.inner(type, depth) : clauses.columnOf(type);
    }
}
