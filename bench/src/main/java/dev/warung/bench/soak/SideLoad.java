package dev.warung.bench.soak;

import dev.warung.bench.measure.Wait;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * What an application does now and then, beside the bank: big transactions, COPY, changes of the schema, rollbacks, and clearing up, so that the
 * tables stay small. The order of its actions depends on the seed alone; what fails because a server is down, or because a column is
 * not there, is left.
 *
 * <p>Thread: its own.
 */
final class SideLoad implements AutoCloseable {
    private static final int PAUSE_MS_MIN = 800;
    private static final int PAUSE_MS_MAX = 4500;
    private static final int TABLES = 4;
    private static final int COLUMNS = 3;
    private static final int BIG_MIN = 50_000;
    private static final int BIG_MAX = 200_000;
    private static final int KEPT = 20_000;

    private final ConnectionSource source;
    private final Random random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<String, Integer> done = new TreeMap<>();
    private final Thread thread = new Thread(this::run, "side-load");

    /** Where it gets a new connection; may fail while PostgreSQL is down. */
    @FunctionalInterface
    interface ConnectionSource {
        Connection open() throws SQLException;
    }

    private enum Action {
        BIG_TRANSACTION,
        COPY,
        CREATE_TABLE,
        DROP_TABLE,
        ADD_COLUMN,
        DROP_COLUMN,
        RENAME_COLUMN,
        REWRITE,
        ENUM_VALUE,
        ROLLBACK,
        CLEAR
    }

    /** Big transactions seldom, clearing up often. */
    private static final List<Action> WEIGHTED = List.of(
            Action.BIG_TRANSACTION,
            Action.COPY,
            Action.COPY,
            Action.CREATE_TABLE,
            Action.CREATE_TABLE,
            Action.DROP_TABLE,
            Action.ADD_COLUMN,
            Action.ADD_COLUMN,
            Action.DROP_COLUMN,
            Action.RENAME_COLUMN,
            Action.REWRITE,
            Action.ENUM_VALUE,
            Action.ROLLBACK,
            Action.CLEAR,
            Action.CLEAR,
            Action.CLEAR);

    private SideLoad(ConnectionSource source, long seed) {
        this.source = source;
        this.random = new Random(seed * 37 + 5);
    }

    /** Creates what is there from the start. */
    static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TYPE suasana AS ENUM ('senang', 'sedih')");
            statement.execute(
                    "CREATE TABLE besar (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, isi text, n int)");
        }
    }

    static SideLoad start(ConnectionSource source, long seed) {
        SideLoad load = new SideLoad(source, seed);
        load.thread.start();
        return load;
    }

    private void run() {
        try {
            while (!stop.await(PAUSE_MS_MIN + random.nextInt(PAUSE_MS_MAX - PAUSE_MS_MIN), TimeUnit.MILLISECONDS)) {
                Action action = WEIGHTED.get(random.nextInt(WEIGHTED.size()));
                if (act(action, new Random(random.nextLong()))) {
                    done.merge(action.name().toLowerCase(Locale.ROOT).replace('_', ' '), 1, Integer::sum);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean act(Action action, Random dice) {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            String table = "ubah_" + dice.nextInt(TABLES);
            String column = "kolom_" + dice.nextInt(COLUMNS);
            switch (action) {
                case BIG_TRANSACTION -> bigTransaction(statement, dice);
                case COPY -> copy(connection, 1000 + dice.nextInt(20_000));
                case CREATE_TABLE -> create(statement, table, dice);
                case DROP_TABLE -> statement.execute("DROP TABLE IF EXISTS " + table);
                case ADD_COLUMN -> {
                    statement.execute("ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + column + " int DEFAULT "
                            + dice.nextInt(100));
                    statement.execute("UPDATE " + table + " SET " + column + " = id WHERE id % 3 = " + dice.nextInt(3));
                }
                case DROP_COLUMN -> statement.execute("ALTER TABLE " + table + " DROP COLUMN IF EXISTS " + column);
                case RENAME_COLUMN -> rename(statement, table, dice.nextInt(COLUMNS));
                case REWRITE ->
                    statement.execute("ALTER TABLE " + table + " ALTER COLUMN nilai TYPE "
                            + (dice.nextBoolean() ? "bigint" : "numeric") + " USING nilai + 1");
                case ENUM_VALUE ->
                    statement.execute("ALTER TYPE suasana ADD VALUE IF NOT EXISTS 'v" + dice.nextInt(9) + "'");
                case ROLLBACK -> {
                    create(statement, table, dice);
                    statement.execute("ALTER TABLE " + table + " ADD COLUMN batal int DEFAULT 1");
                    connection.rollback();
                }
                case CLEAR -> clear(statement, dice);
            }
            connection.commit();
            return true;
        } catch (SQLException | IOException serverDownOrNothingThere) {
            return false;
        }
    }

    private static void bigTransaction(Statement statement, Random dice) throws SQLException {
        double size = Math.pow(dice.nextDouble(), 3);
        int rows = BIG_MIN + (int) (size * (BIG_MAX - BIG_MIN));
        if (dice.nextInt(3) == 0) {
            statement.execute("DELETE FROM besar");
        } else {
            statement.execute("TRUNCATE besar");
        }
        statement.execute("INSERT INTO besar (isi, n) SELECT md5(g::text), g FROM generate_series(1, " + rows + ") g");
    }

    private static void copy(Connection connection, int rows) throws SQLException, IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append("baris\\t").append(i).append('\t').append(i).append('\n');
        }
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY besar (isi, n) FROM STDIN", new StringReader(text.toString()));
    }

    private static void create(Statement statement, String table, Random dice) throws SQLException {
        statement.execute("CREATE TABLE IF NOT EXISTS " + table
                + " (id bigint PRIMARY KEY, nama text, nilai numeric, rasa suasana, kolom_0 int)");
        statement.execute("INSERT INTO " + table
                + " (id, nama, nilai, rasa) SELECT g, 'baris ' || g, g / 7.0,"
                + " (enum_range(NULL::suasana))[1 + g % array_length(enum_range(NULL::suasana), 1)]"
                + " FROM generate_series(1, " + (100 + dice.nextInt(3000)) + ") g"
                + " ON CONFLICT (id) DO UPDATE SET nilai = excluded.nilai + 1, rasa = excluded.rasa");
    }

    /** One column gives its name to the next, which is dropped; all in one transaction. */
    private static void rename(Statement statement, String table, int column) throws SQLException {
        String from = "kolom_" + column;
        String to = "kolom_" + (column + 1) % COLUMNS;
        statement.execute("ALTER TABLE " + table + " DROP COLUMN IF EXISTS " + to);
        statement.execute("ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + from + " int");
        statement.execute("ALTER TABLE " + table + " RENAME COLUMN " + from + " TO " + to);
        statement.execute("UPDATE " + table + " SET " + to + " = id WHERE id % 5 = 0");
    }

    private static void clear(Statement statement, Random dice) throws SQLException {
        if (dice.nextInt(5) == 0) {
            statement.execute("TRUNCATE big");
        } else {
            statement.execute("DELETE FROM big WHERE id < (SELECT max(id) FROM big) - " + KEPT);
        }
    }

    /** Committed actions by kind; to be asked after the end. */
    Map<String, Integer> done() {
        return Map.copyOf(done);
    }

    @Override
    public void close() {
        stop.countDown();
        Wait.forEnd(thread);
    }
}
