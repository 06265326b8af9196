package dev.warung.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;

/** What the generator knows of one table: enough to write statements that PostgreSQL accepts. */
final class RandomTable {

    private final String schema;
    private String name;
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final List<String> key = new ArrayList<>();
    private int nextColumn = 1;
    private long nextId = 1;

    RandomTable(String schema, String name) {
        this.schema = schema;
        this.name = name;
        this.key.add("id");
    }

    String schema() {
        return schema;
    }

    String name() {
        return name;
    }

    void rename(String newName) {
        this.name = newName;
    }

    /** Columns besides {@code id} and the key, name to type. */
    Map<String, String> columns() {
        return columns;
    }

    List<String> key() {
        return key;
    }

    String sql() {
        return quote(schema) + "." + quote(name);
    }

    String newColumnName() {
        return "k" + nextColumn++ + (nextColumn % 3 == 0 ? " Ä" : "");
    }

    String create() {
        StringJoiner parts = new StringJoiner(", ", "CREATE TABLE " + sql() + " (", ")");
        parts.add("id bigint PRIMARY KEY");
        columns.forEach((column, type) -> parts.add(quote(column) + " " + type));
        return parts.toString();
    }

    /** A new row or, one time in five, a key that may exist. */
    String upsert(Random random) {
        long id = random.nextInt(5) == 0 ? 1L + random.nextInt((int) nextId) : nextId++;
        StringJoiner names = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        StringJoiner updates = new StringJoiner(", ");
        names.add("id");
        values.add(String.valueOf(id));
        updates.add("id = EXCLUDED.id");
        columns.forEach((column, type) -> {
            names.add(quote(column));
            values.add(isKey(column) ? RandomLiterals.value(type, random) : RandomLiterals.nullable(type, random));
            updates.add(quote(column) + " = EXCLUDED." + quote(column));
        });
        // With a key of several columns the id alone is no conflict target; a clash is then left alone.
        String onConflict = key.size() == 1 ? " ON CONFLICT (id) DO UPDATE SET " + updates : " ON CONFLICT DO NOTHING";
        return "INSERT INTO " + sql() + " (" + names + ") VALUES (" + values + ")" + onConflict;
    }

    /** Many rows by one statement, so that they share pages and a transaction. */
    String bulkInsert(Random random) {
        int count = 5 + random.nextInt(60);
        long from = nextId;
        nextId += count;
        StringJoiner names = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        names.add("id");
        values.add("g");
        columns.forEach((column, type) -> {
            names.add(quote(column));
            values.add(isKey(column) ? RandomLiterals.value(type, random) : RandomLiterals.nullable(type, random));
        });
        return "INSERT INTO " + sql() + " (" + names + ") SELECT " + values + " FROM generate_series(" + from + ", "
                + (from + count - 1) + ") g";
    }

    String update(Random random) {
        if (columns.isEmpty() || random.nextInt(6) == 0) {
            long target = nextId++;
            return "UPDATE " + sql() + " SET id = " + target + " WHERE id = " + someId(random);
        }
        String column = RandomLiterals.pick(random, List.copyOf(columns.keySet()));
        String type = columns.getOrDefault(column, "text");
        String value = isKey(column) ? RandomLiterals.value(type, random) : RandomLiterals.nullable(type, random);
        return "UPDATE " + sql() + " SET " + quote(column) + " = " + value + " WHERE " + someRange(random);
    }

    String delete(Random random) {
        return "DELETE FROM " + sql() + " WHERE " + someRange(random);
    }

    private String someRange(Random random) {
        long from = someId(random);
        return "id BETWEEN " + from + " AND " + (from + random.nextInt(10));
    }

    private long someId(Random random) {
        return 1L + random.nextInt((int) nextId);
    }

    boolean isKey(String column) {
        return key.contains(column);
    }

    static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
