package dev.warung.testkit.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A history of transactions in one schema of its own, all from one seed: rows over several tables, rolled back parts, key changes,
 * truncates, and schema changes between and inside transactions.
 *
 * <p>A statement that PostgreSQL refuses (a null in a new key, a duplicate) is rolled back to its savepoint and, if it was a schema
 * change, given up with its table: the model would no longer be true.
 */
public final class RandomHistory {

    private static final Logger LOG = LoggerFactory.getLogger(RandomHistory.class);
    private static final int TABLES_MAX = 4;

    private final Connection connection;
    private final String schema;
    private final Random random;
    private final RandomSchemaChange schemaChange;
    private final List<RandomTable> tables = new ArrayList<>();
    private int serial;
    private boolean schemaChanged;
    private int executed;
    private int refused;

    /** @param connection without auto-commit; used by this history alone */
    public RandomHistory(Connection connection, String schema, long seed) {
        this.connection = connection;
        this.schema = schema;
        this.random = new Random(seed);
        this.schemaChange = new RandomSchemaChange(random);
    }

    /** Creates the schema and runs that many transactions, about one in four with a schema change. */
    public void run(int transactions) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + RandomTable.quote(schema));
        }
        connection.commit();
        for (int i = 0; i < transactions; i++) {
            transaction();
        }
    }

    /** How many statements PostgreSQL took. */
    public int executed() {
        return executed;
    }

    /** How many it refused. */
    public int refused() {
        return refused;
    }

    private void transaction() throws SQLException {
        schemaChanged = false;
        int steps = 1 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            step();
        }
        // A schema change may not roll back as a whole: the model of the tables would not.
        if (!schemaChanged && random.nextInt(10) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private void step() throws SQLException {
        if (tables.isEmpty() || (tables.size() < TABLES_MAX && random.nextInt(12) == 0)) {
            createTable();
            return;
        }
        RandomTable table = RandomLiterals.pick(random, tables);
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> alter(table);
            case 3 -> rows(table, "TRUNCATE " + table.sql());
            case 4 -> dropTable(table);
            case 5, 6, 7 -> rows(table, table.delete(random));
            case 8, 9, 10, 11 -> rows(table, table.update(random));
            case 12, 13, 14 -> rows(table, table.bulkInsert(random));
            default -> rows(table, table.upsert(random));
        }
    }

    private void createTable() throws SQLException {
        schemaChanged = true;
        RandomTable table = new RandomTable(schema, "t" + ++serial);
        int columns = random.nextInt(5);
        for (int i = 0; i < columns; i++) {
            table.columns().put(table.newColumnName(), RandomLiterals.type(random));
        }
        if (tryAll(List.of(table.create()))) {
            tables.add(table);
        }
    }

    private void alter(RandomTable table) throws SQLException {
        schemaChanged = true;
        List<String> statements = schemaChange.alter(table).orElse(List.of());
        if (!tryAll(statements)) {
            abandon(table);
        }
    }

    /** The model of this table may differ from the table: it stays as it is, without further statements. */
    private void abandon(RandomTable table) {
        tables.remove(table);
    }

    private void dropTable(RandomTable table) throws SQLException {
        schemaChanged = true;
        if (tables.size() > 1 && tryAll(List.of("DROP TABLE " + table.sql()))) {
            tables.remove(table);
        }
    }

    private void rows(RandomTable table, String sql) throws SQLException {
        if (random.nextInt(15) == 0) {
            Savepoint savepoint = connection.setSavepoint();
            tryAll(List.of(table.upsert(random)));
            connection.rollback(savepoint);
        }
        tryAll(List.of(sql));
    }

    private boolean tryAll(List<String> statements) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.releaseSavepoint(savepoint);
            executed += statements.size();
            return true;
        } catch (SQLException e) {
            refused++;
            LOG.debug("refused, as random statements may be: {}: {}", statements, e.getMessage());
            connection.rollback(savepoint);
            return false;
        }
    }
}
