package dev.warung.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One random schema change of one table: the statements, and the table as it is after them. */
final class RandomSchemaChange {

    private static final Map<String, String> WIDER = Map.of(
            "integer",
            "bigint",
            "varchar(40)",
            "text",
            "numeric(14,4)",
            "numeric",
            "real",
            "double precision",
            "date",
            "text");

    private final Random random;
    private int serial;

    RandomSchemaChange(Random random) {
        this.random = random;
    }

    /** Statements that change the table and keep the model true, or nothing if the change does not suit it. */
    Optional<List<String>> alter(RandomTable table) {
        String prefix = "ALTER TABLE " + table.sql() + " ";
        return switch (random.nextInt(12)) {
            case 0, 1 -> Optional.of(addColumn(table, prefix));
            case 2 ->
                someColumn(table).map(c -> {
                    table.columns().remove(c);
                    return List.of(prefix + "DROP COLUMN " + q(c));
                });
            case 3 -> someColumn(table).map(c -> renameColumn(table, prefix, c));
            case 4, 5 -> someColumn(table).flatMap(c -> widen(table, prefix, c));
            case 6 -> someColumn(table).map(c -> toText(table, prefix, c));
            case 7 -> someColumn(table).map(c -> changeKey(table, prefix, c));
            case 8 -> Optional.of(renameTable(table));
            case 9 ->
                someColumn(table)
                        .map(c -> List.of("CREATE INDEX " + q("i" + ++serial + table.name()) + " ON " + table.sql()
                                + " (" + q(c) + ")"));
            case 10 ->
                someColumn(table)
                        .map(c -> List.of(
                                "DELETE FROM " + table.sql() + " WHERE " + q(c) + " IS NULL",
                                prefix + "ALTER " + q(c) + " SET NOT NULL",
                                prefix + "ALTER " + q(c) + " DROP NOT NULL"));
            default -> Optional.of(List.of(prefix + "ADD COLUMN sementara integer", prefix + "DROP COLUMN sementara"));
        };
    }

    private List<String> addColumn(RandomTable table, String prefix) {
        String column = table.newColumnName();
        String type = RandomLiterals.type(random);
        table.columns().put(column, type);
        String definition = prefix + "ADD COLUMN " + q(column) + " " + type;
        return List.of(
                switch (random.nextInt(4)) {
                    case 0 -> definition + " DEFAULT " + RandomLiterals.value(type, random);
                    case 1 -> definition + " NOT NULL DEFAULT " + RandomLiterals.value(type, random);
                    default -> definition;
                });
    }

    private static List<String> renameColumn(RandomTable table, String prefix, String column) {
        String newName = table.newColumnName();
        String type = table.columns().getOrDefault(column, "text");
        table.columns().remove(column);
        table.columns().put(newName, type);
        return List.of(prefix + "RENAME COLUMN " + q(column) + " TO " + q(newName));
    }

    private static Optional<List<String>> widen(RandomTable table, String prefix, String column) {
        String wider = WIDER.get(table.columns().getOrDefault(column, "text"));
        if (wider == null) {
            return Optional.empty();
        }
        table.columns().put(column, wider);
        return Optional.of(List.of(dropDefault(prefix, column), prefix + "ALTER " + q(column) + " TYPE " + wider));
    }

    private static List<String> toText(RandomTable table, String prefix, String column) {
        table.columns().put(column, "text");
        return List.of(
                dropDefault(prefix, column),
                prefix + "ALTER " + q(column) + " TYPE text USING 'v' || " + q(column) + "::text");
    }

    private static String dropDefault(String prefix, String column) {
        return prefix + "ALTER " + q(column) + " DROP DEFAULT";
    }

    /** The key becomes (id, column); rows in which the column is null go first. */
    private static List<String> changeKey(RandomTable table, String prefix, String column) {
        List<String> statements = new ArrayList<>();
        statements.add("DELETE FROM " + table.sql() + " WHERE " + q(column) + " IS NULL");
        statements.add("DO $do$ DECLARE n text; BEGIN SELECT conname INTO n FROM pg_constraint WHERE conrelid = '"
                + table.sql().replace("'", "''") + "'::regclass AND contype = 'p'; EXECUTE 'ALTER TABLE "
                + table.sql().replace("'", "''") + " DROP CONSTRAINT ' || quote_ident(n); END $do$");
        statements.add(prefix + "ADD PRIMARY KEY (id, " + q(column) + ")");
        table.key().clear();
        table.key().addAll(List.of("id", column));
        return statements;
    }

    private List<String> renameTable(RandomTable table) {
        String old = table.sql();
        table.rename("t" + ++serial + "_" + random.nextInt(1000) + " Ñ");
        return List.of("ALTER TABLE " + old + " RENAME TO " + q(table.name()));
    }

    /** A column that is not part of the key and whose type can be ordered, so that it can be indexed and be a key. */
    private Optional<String> someColumn(RandomTable table) {
        List<String> candidates = table.columns().entrySet().stream()
                .filter(e -> !table.isKey(e.getKey()))
                .filter(e -> !e.getValue().equals("text") || random.nextInt(3) > 0)
                .map(Map.Entry::getKey)
                .toList();
        return candidates.isEmpty() ? Optional.empty() : Optional.of(RandomLiterals.pick(random, candidates));
    }

    private static String q(String identifier) {
        return RandomTable.quote(identifier);
    }
}
