package dev.warung.testkit.history;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/** SQL literals of a handful of types, small domains so that keys and values collide, edge values among them. */
final class RandomLiterals {

    /** Types that a random column may have, and how to write a value of each. */
    private static final Map<String, Function<Random, String>> TYPES = Map.ofEntries(
            Map.entry("integer", r -> String.valueOf(r.nextInt(2000) - 1000)),
            Map.entry("bigint", r -> r.nextInt(8) == 0 ? "-9223372036854775808" : String.valueOf(r.nextLong() >> 8)),
            Map.entry("text", RandomLiterals::text),
            Map.entry("varchar(40)", r -> "'" + Integer.toString(r.nextInt(50_000), 36) + "'"),
            Map.entry("numeric(14,4)", r -> String.format(Locale.ROOT, "%.4f", r.nextGaussian() * 1000)),
            Map.entry(
                    "numeric",
                    r -> pick(r, List.of("1.10", "1.1", "'NaN'", "1e30", "-0.00", "12345678901234567890.5"))),
            Map.entry("boolean", r -> r.nextBoolean() ? "true" : "false"),
            Map.entry("double precision", r -> pick(r, List.of("'-0'", "'NaN'", "'-Infinity'", "0.1", "1e-300", "3"))),
            Map.entry("real", r -> pick(r, List.of("0.1", "3.4e38", "-0", "16777217"))),
            Map.entry(
                    "timestamptz",
                    r -> pick(r, List.of("now()", "'infinity'", "'0044-03-15 BC'", "'2026-11-21 09:00+07'"))),
            Map.entry("date", r -> pick(r, List.of("'2026-02-28'", "'-infinity'", "'4713-01-01 BC'", "current_date"))),
            Map.entry("jsonb", r -> "jsonb_build_object('a', " + r.nextInt(9) + ", 'b', array[1.0, null])"),
            Map.entry("uuid", r -> "'" + new UUID(r.nextLong(), r.nextLong()) + "'"),
            Map.entry("integer[]", r -> pick(r, List.of("'{}'", "'{1,NULL,3}'", "'{{1,2},{3,4}}'", "'[0:1]={7,8}'"))),
            Map.entry("bytea", r -> pick(r, List.of("''", "'\\x00ff'", "decode(repeat('ab', 3000), 'hex')"))),
            Map.entry("interval", r -> pick(r, List.of("'1 mon 2 days -3:04:05.6'", "'0'", "'-1 year'"))));

    private static final List<String> NAMES = TYPES.keySet().stream().sorted().toList();

    private RandomLiterals() {}

    static String type(Random random) {
        return pick(random, NAMES);
    }

    /** A value of the type, NULL now and then. */
    static String nullable(String type, Random random) {
        return random.nextInt(6) == 0 ? "NULL" : value(type, random);
    }

    static String value(String type, Random random) {
        Function<Random, String> writer = TYPES.get(type);
        if (writer == null) {
            throw new IllegalArgumentException("no values for type " + type);
        }
        String literal = writer.apply(random);
        return literal.equals("NULL") ? literal : literal + "::" + type;
    }

    private static String text(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "''";
            case 1 -> "'tab\ttitik''koma \\ \"é\" 統'";
            case 2 -> "E'baris\\nbaru\\r'";
            case 3 -> "'NULL'";
            // Larger than a toast threshold and not compressible, so an update that leaves it alone does not send it
            // again.
            case 4 ->
                "(select string_agg(md5(i::text), '') from generate_series(1," + (100 + random.nextInt(200)) + ") i)";
            default -> "'" + Long.toString(random.nextLong(), 36) + "'";
        };
    }

    static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
