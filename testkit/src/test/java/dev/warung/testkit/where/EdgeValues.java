package dev.warung.testkit.where;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** Types of columns with values at their edges, as the content of string literals. */
final class EdgeValues {

    static final List<String> LABELS = List.of("manis", "asin", "pedas, sekali", "Asam");

    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("int2", List.of("0", "1", "-1", "7", "32767", "-32768")),
            Map.entry("int4", List.of("0", "1", "-1", "2", "7", "100", "2147483647", "-2147483648")),
            Map.entry("int8", List.of("0", "1", "-7", "3000000000", "9223372036854775807", "-9223372036854775808")),
            Map.entry(
                    "numeric",
                    List.of(
                            "0",
                            "-0.00",
                            "1",
                            "1.0",
                            "1.10",
                            "7",
                            "0.1",
                            "-2.5",
                            "2.5",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "1e-20",
                            "12345678901234567890.0123456789",
                            "99999.995",
                            "1e30")),
            Map.entry(
                    "float4",
                    List.of(
                            "0",
                            "-0",
                            "1",
                            "0.1",
                            "-2.5",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "1e-40",
                            "3.4e38",
                            "16777217")),
            Map.entry(
                    "float8",
                    List.of(
                            "0",
                            "-0",
                            "1",
                            "0.1",
                            "-2.5",
                            "3.5",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "5e-324",
                            "1.7e308",
                            "9007199254740993",
                            "1e15",
                            "123456789.125")),
            Map.entry("bool", List.of("true", "false")),
            Map.entry(
                    "text",
                    List.of(
                            "",
                            "a",
                            "A",
                            "ab",
                            "abc",
                            "aBc",
                            " a ",
                            "a%c",
                            "a_c",
                            "a\\c",
                            "\\",
                            "1",
                            "-7",
                            "1.50",
                            "é",
                            "É",
                            "ß",
                            "😀",
                            "a😀c",
                            "統",
                            "true",
                            "2026-01-02",
                            "NULL",
                            "x1,y")),
            Map.entry("varchar", List.of("", "a", "ab ", "abc", "A", "ü", "7")),
            Map.entry("bpchar", List.of("", "a", "ab", "abcde", "A", "é ")),
            Map.entry("name", List.of("", "a", "nama", "A")),
            Map.entry(
                    "uuid",
                    List.of(
                            "00000000-0000-0000-0000-000000000000",
                            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                            "ffffffff-ffff-ffff-ffff-ffffffffffff")),
            Map.entry(
                    "date",
                    List.of(
                            "2026-01-02",
                            "2024-02-29",
                            "2000-01-01",
                            "infinity",
                            "-infinity",
                            "4713-01-01 BC",
                            "0001-01-01",
                            "5874897-12-31",
                            "1999-12-31")),
            Map.entry("time", List.of("00:00", "24:00", "23:59:59.999999", "12:34:56.7", "03:04:05")),
            Map.entry(
                    "timestamp",
                    List.of(
                            "2026-01-02 03:04:05.678",
                            "2024-02-29 00:00",
                            "infinity",
                            "-infinity",
                            "4713-01-01 00:00:00 BC",
                            "294276-12-31 23:59:59.999999",
                            "2000-01-01 00:00:00",
                            "1999-12-31 23:59:59.5")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "2026-01-02 03:04:05.678+07",
                            "2024-02-29 00:00+00",
                            "infinity",
                            "-infinity",
                            "0044-03-15 12:00:00+00 BC",
                            "2026-01-02 00:00:00Z",
                            "294276-12-31 23:59:59.999999+00")),
            Map.entry(
                    "interval",
                    List.of(
                            "0",
                            "1 mon",
                            "30 days",
                            "1 day",
                            "24:00:00",
                            "-1 day 23:59:59.5",
                            "P1Y2M3DT4H5M6.7S",
                            "1 mon -30 days",
                            "infinity",
                            "-infinity",
                            "1.5 months",
                            "3 hours ago",
                            "-0.5 sec",
                            "2 weeks 1.25 days",
                            "178000000 years")),
            Map.entry("bytea", List.of("\\x", "\\x00", "\\xdeadbeef", "\\xff")),
            Map.entry(
                    "jsonb",
                    List.of(
                            "{}",
                            "[]",
                            "null",
                            "1",
                            "\"x\"",
                            "{\"a\": 1, \"b\": \"dua\"}",
                            "{\"b\": \"dua\", \"a\": 1.0}",
                            "{\"a\": null, \"b\": [1, {\"c\": \"é\\n\\u00e9\"}]}",
                            "[1, \"a\", null, {\"a\": true}]",
                            "{\"a\": {\"a\": \"7\"}, \"\": 1e2}")),
            Map.entry("rasa", LABELS),
            Map.entry(
                    "int4[]", List.of("{}", "{1,2}", "{1,NULL,7}", "{NULL}", "{{1,2},{3,4}}", "[0:1]={7,8}", "{2,1}")),
            Map.entry("int8[]", List.of("{}", "{1,2}", "{9223372036854775807}", "{0}")),
            Map.entry("text[]", List.of("{}", "{a,b}", "{\"\",NULL,\"NULL\"}", "{\"x1,y\",\"q\\\"\\\\\"}", "{abc}")),
            Map.entry("numeric[]", List.of("{1.10,NaN}", "{1.1}", "{0,-0.00}", "{}")),
            Map.entry("float8[]", List.of("{0,1}", "{-0,NaN}", "{}")),
            Map.entry("timestamptz[]", List.of("{\"2026-01-02 00:00:00+00\",infinity}", "{}")));

    static final List<String> TYPES = VALUES.keySet().stream().sorted().toList();

    private EdgeValues() {}

    static String of(String type, Random random) {
        List<String> values = VALUES.get(type);
        return values.get(random.nextInt(values.size()));
    }

    /** As PostgreSQL declares a column of it. */
    static String declared(String type) {
        return switch (type) {
            case "varchar" -> "varchar(5)";
            case "bpchar" -> "char(5)";
            case "rasa" -> "public.rasa";
            default -> type;
        };
    }

    static String quoted(String content) {
        return "'" + content.replace("'", "''") + "'";
    }
}
