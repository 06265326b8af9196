package dev.warung.testkit.where;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgSession;
import dev.warung.core.value.PgValues;
import dev.warung.core.value.ValueKind;
import dev.warung.core.where.WhereClause;
import dev.warung.core.where.bind.Scope;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.sqlite.SqliteFilter;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.testkit.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tables with random rows in PostgreSQL and SQLite, and clauses that both and our evaluation decide. */
final class DifferentialRun implements AutoCloseable {

    private static final int ROWS = 25;

    /** Evaluates each clause on all rows, and row by row where a row fails: t, f, n (null) or e (error) for each row. */
    private static final String JUDGE = """
            CREATE FUNCTION public.judge(t text, clauses text[]) RETURNS SETOF text LANGUAGE plpgsql AS $body$
            DECLARE clause text; verdict text; one text; i int;
            BEGIN
              FOREACH clause IN ARRAY clauses LOOP
                BEGIN
                  EXECUTE format('SELECT string_agg(CASE WHEN v THEN ''t'' WHEN NOT v THEN ''f'' ELSE ''n'' END, '''' ORDER BY id)
                    FROM (SELECT id, (%s) AS v FROM %s OFFSET 0) AS s', clause, t) INTO verdict;
                EXCEPTION WHEN OTHERS THEN
                  verdict := '';
                  FOR i IN EXECUTE format('SELECT id FROM %s ORDER BY id', t) LOOP
                    BEGIN
                      EXECUTE format('SELECT CASE WHEN v THEN ''t'' WHEN NOT v THEN ''f'' ELSE ''n'' END
                        FROM (SELECT (%s) AS v FROM %s WHERE id = %s OFFSET 0) AS s', clause, t, i) INTO one;
                    EXCEPTION WHEN OTHERS THEN
                      one := CASE WHEN SQLSTATE LIKE '42%' THEN 'x' ELSE 'e' END;
                    END;
                    verdict := verdict || one;
                  END LOOP;
                END;
                RETURN NEXT verdict;
              END LOOP;
            END $body$""";

    private final Connection postgres;
    private final Connection sqlite;
    private final WhereDifferentialIT.Tally tally;
    private final List<String> differences;

    DifferentialRun(Database database, WhereDifferentialIT.Tally tally, List<String> differences) throws SQLException {
        this.tally = tally;
        this.differences = differences;
        this.postgres = database.connect();
        this.sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
        try (Statement statement = postgres.createStatement()) {
            StringJoiner labels = new StringJoiner(", ");
            EdgeValues.LABELS.forEach(label -> labels.add(EdgeValues.quoted(label)));
            statement.execute("CREATE TYPE public.rasa AS ENUM (" + labels + ")");
            statement.execute(JUDGE);
            for (String sql : PgSession.PRINTS_CANONICAL) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        sqlite.close();
        postgres.close();
    }

    void table(long seed, int clauses) throws SQLException {
        Random random = new Random(seed);
        String table = "public.t" + seed;
        Map<String, String> columns = createTable(random, table);
        TableSchema schema = schema(table);
        List<@Nullable String[]> rows = rows(table, schema);
        fillSqlite(table, schema, rows);
        Scope scope = Scope.of(schema).withTables((inSchema, name) -> Optional.of(schema));
        List<RandomClauses.Clause> texts = new ArrayList<>();
        for (int i = 0; i < clauses; i++) {
            texts.add(new RandomClauses(random, table, columns, i % 2 == 0).next());
        }
        List<String> verdicts = verdicts(table, texts);
        for (int i = 0; i < clauses; i++) {
            compare(texts.get(i), verdicts.get(i), new Place(seed, table, scope, rows));
        }
    }

    private record Place(long seed, String table, Scope scope, List<@Nullable String[]> rows) {}

    private Map<String, String> createTable(Random random, String table) throws SQLException {
        Map<String, String> columns = new TreeMap<>();
        columns.put("id", "int4");
        StringJoiner definition = new StringJoiner(", ", "CREATE TABLE " + table + " (id int PRIMARY KEY, ", ")");
        for (int i = 0; i < 34; i++) {
            String type = i < EdgeValues.TYPES.size()
                    ? EdgeValues.TYPES.get(i)
                    : EdgeValues.TYPES.get(random.nextInt(EdgeValues.TYPES.size()));
            columns.put("k" + i, type);
            definition.add("k" + i + " " + EdgeValues.declared(type));
        }
        try (Statement statement = postgres.createStatement()) {
            statement.execute(definition.toString());
            for (int row = 1; row <= ROWS; row++) {
                StringJoiner values = new StringJoiner(", ", "INSERT INTO " + table + " VALUES (" + row + ", ", ")");
                for (int i = 0; i < 34; i++) {
                    String type = columns.get("k" + i);
                    values.add(random.nextInt(6) == 0 ? "NULL" : EdgeValues.quoted(EdgeValues.of(type, random)));
                }
                statement.execute(values.toString());
            }
        }
        return columns;
    }

    private TableSchema schema(String table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), t.typname FROM pg_attribute a"
                                + " JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = '" + table
                                + "'::regclass AND a.attnum > 0 ORDER BY 1")) {
            while (result.next()) {
                ValueKind kind = PgValues.kindOf(result.getString(4));
                String type = result.getString(3);
                columns.add(new Column(
                        result.getInt(1), result.getString(2), type, kind, false, Generated.NO, null, meaning(type)));
            }
        }
        TableId id = new TableId("public", table.substring(7));
        return new TableSchema(id, 1, 1, 1, "t", columns, List.of("id"), List.of(), Collation.UNICODE_BYTES);
    }

    private static TypeMeaning meaning(String type) {
        return new TypeMeaning(
                TypeMeaning.of(type).base(),
                type.startsWith("public.rasa") ? EdgeValues.LABELS : List.of(),
                Collation.UNICODE_BYTES);
    }

    private List<@Nullable String[]> rows(String table, TableSchema schema) throws SQLException {
        List<@Nullable String[]> rows = new ArrayList<>();
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + table + " ORDER BY id")) {
            while (result.next()) {
                @Nullable String[] row = new String[schema.columns().size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = result.getString(i + 1);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static @Nullable Object[] stored(TableSchema schema, @Nullable String[] row) {
        @Nullable Object[] stored = new Object[row.length];
        for (int i = 0; i < row.length; i++) {
            String text = row[i];
            stored[i] = text == null
                    ? null
                    : PgValues.toSqlite(schema.columns().get(i).kind(), text);
        }
        return stored;
    }

    private void fillSqlite(String table, TableSchema schema, List<@Nullable String[]> rows) throws SQLException {
        StringJoiner columns = new StringJoiner(", ", "CREATE TABLE \"" + table + "\" (", ") STRICT");
        StringJoiner marks = new StringJoiner(", ", "INSERT INTO \"" + table + "\" VALUES (", ")");
        for (Column column : schema.columns()) {
            columns.add(column.name() + " " + column.kind().sqliteType());
            marks.add("?");
        }
        try (Statement statement = sqlite.createStatement()) {
            statement.execute(columns.toString());
        }
        try (PreparedStatement insert = sqlite.prepareStatement(marks.toString())) {
            for (@Nullable String[] row : rows) {
                @Nullable Object[] stored = stored(schema, row);
                for (int i = 0; i < stored.length; i++) {
                    insert.setObject(i + 1, stored[i]);
                }
                insert.executeUpdate();
            }
        }
    }

    private List<String> verdicts(String table, List<RandomClauses.Clause> clauses) throws SQLException {
        List<String> verdicts = new ArrayList<>();
        try (PreparedStatement judge = postgres.prepareStatement("SELECT * FROM public.judge(?, ?)")) {
            judge.setString(1, table);
            judge.setArray(
                    2,
                    postgres.createArrayOf(
                            "text",
                            clauses.stream()
                                    .map(RandomClauses.Clause::withLiterals)
                                    .toArray()));
            try (ResultSet result = judge.executeQuery()) {
                while (result.next()) {
                    verdicts.add(result.getString(1));
                }
            }
        }
        return verdicts;
    }

    private void compare(RandomClauses.Clause clause, String verdict, Place place) throws SQLException {
        tally.clauses++;
        WhereClause ours;
        try {
            ours = WhereClause.parse(clause.withParameters(), place.scope()).with(clause.parameters());
        } catch (WhereException e) {
            if (verdict.chars().allMatch(c -> c == 'e' || c == 'x')) {
                tally.refusedByBoth++;
            } else {
                differ(clause, place, "refused: " + e.getMessage() + "; PostgreSQL: " + verdict);
            }
            return;
        }
        InnerSets sets = select -> InnerRows.of(select, place.rows());
        StringBuilder said = new StringBuilder();
        for (@Nullable String[] row : place.rows()) {
            char one = decide(ours, row, sets);
            said.append(one);
            char again = decide(ours, stored(place.scope().table(), row), sets);
            if (one != again) {
                differ(clause, place, "row " + row[0] + " is " + one + " as text and " + again + " as stored");
            }
        }
        tally.pairs += said.length();
        tally.yes += said.chars().filter(c -> c == 't').count();
        tally.no += said.chars().filter(c -> c == 'f').count();
        tally.unknown += said.chars().filter(c -> c == 'n').count();
        tally.errors += said.chars().filter(c -> c == 'e').count();
        if (!said.toString().equals(verdict)) {
            differ(clause, place, "ours " + said + ", PostgreSQL " + verdict);
        } else if (said.indexOf("e") < 0) {
            compareSqlite(clause, ours, said.toString(), place);
        }
    }

    private static char decide(WhereClause clause, @Nullable Object[] row, InnerSets sets) {
        try {
            Boolean truth = clause.evaluate(row, sets);
            return truth == null ? 'n' : truth ? 't' : 'f';
        } catch (EvaluationException e) {
            return 'e';
        }
    }

    private void compareSqlite(RandomClauses.Clause clause, WhereClause ours, String said, Place place)
            throws SQLException {
        SqliteFilter filter = ours.sqlite(column -> "\"" + column.name() + "\"");
        StringBuilder decided = new StringBuilder();
        try (PreparedStatement query =
                sqlite.prepareStatement("SELECT " + filter.sql() + " FROM \"" + place.table() + "\" ORDER BY id")) {
            for (int i = 0; i < filter.values().size(); i++) {
                query.setObject(i + 1, filter.values().get(i));
            }
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    int truth = result.getInt(1);
                    decided.append(result.wasNull() ? 'n' : truth == 0 ? 'f' : 't');
                }
            }
        }
        if (filter.isExact()) {
            tally.exactInSqlite++;
            if (!decided.toString().equals(said)) {
                differ(clause, place, "ours " + said + ", SQLite " + decided + " by " + filter.sql());
            }
        } else if (!filter.sql().equals("1")) {
            tally.filteredInSqlite++;
            for (int i = 0; i < said.length(); i++) {
                if (said.charAt(i) == 't' && decided.charAt(i) != 't') {
                    differ(clause, place, "SQLite leaves out a row by " + filter.sql());
                }
            }
        }
    }

    private void differ(RandomClauses.Clause clause, Place place, String what) {
        differences.add("seed " + place.seed() + ": " + clause.withLiterals() + "\n  " + what);
    }
}
