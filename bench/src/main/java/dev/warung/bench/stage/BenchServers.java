package dev.warung.bench.stage;

import dev.warung.bench.measure.BenchException;
import dev.warung.bench.measure.ProcessUsage;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.PostgresOptions;
import dev.warung.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalLong;

/** Embedded PostgreSQL and Kafka for one benchmark, in a directory that stays only if the benchmark failed. */
public final class BenchServers implements AutoCloseable {
    /** Readers stand still while rows are written, longer than PostgreSQL would normally wait for them. */
    private static final Map<String, String> SETTINGS = Map.of("wal_sender_timeout", "0", "max_wal_size", "8GB");

    private static final String KAFKA_HEAP = "512m";

    private final Path directory;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private boolean done;

    private BenchServers(Path directory, PostgresServer postgres, KafkaServer kafka) {
        this.directory = directory;
        this.postgres = postgres;
        this.kafka = kafka;
    }

    public static BenchServers start(BenchSetup setup) {
        return start(setup, KAFKA_HEAP);
    }

    /** @param kafkaHeap as {@code -Xmx} takes it; a broker needs more for thousands of topics */
    public static BenchServers start(BenchSetup setup, String kafkaHeap) {
        if (!ProcessUsage.isAvailable()) {
            throw new BenchException("The benchmarks read /proc, which only Linux has.");
        }
        Path directory = setup.directory();
        BenchDirectory.prepare(directory);
        PostgresServer postgres =
                PostgresServer.start(new PostgresOptions(directory.resolve("postgres"), 0, SETTINGS, false));
        try {
            KafkaServer kafka = KafkaServer.start(KafkaOptions.in(directory.resolve("kafka"))
                    .withJavaHome(setup.javaHome())
                    .withHeap(kafkaHeap));
            return new BenchServers(directory, postgres, kafka);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    public Path directory() {
        return directory;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    /** The captured database, with the superuser's password. */
    public String postgresText() {
        return postgres.uri("postgres");
    }

    public PostgresUrl postgres() {
        return PostgresUrl.parse(postgresText());
    }

    public Connection connect() throws SQLException {
        return postgres.connect();
    }

    /** Makes a publication of one table, for readers beside capture. */
    public void publish(String publication, String table) {
        execute("create publication " + publication + " for table " + table);
    }

    /** Makes a slot; returns the position from which it can be read. */
    public Lsn createSlot(String slot) {
        return Lsn.parse(text("select lsn from pg_create_logical_replication_slot('" + slot + "', 'pgoutput')"));
    }

    /** Ends whoever reads the slot, then removes it; nothing happens when there is none. */
    public void dropSlot(String slot) {
        execute("select pg_terminate_backend(active_pid, 10000) from pg_replication_slots where slot_name = '" + slot
                + "' and active");
        execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '" + slot
                + "'");
    }

    /** Removes what capture made in PostgreSQL, so that another one begins as if it were the first. */
    public void forgetCapture(String prefix) {
        dropSlot(prefix);
        execute("drop publication if exists " + prefix);
        execute("drop schema if exists warung cascade");
    }

    /** The server process that sends a slot's changes; empty while nobody reads. */
    public OptionalLong walSender(String slot) {
        String pid =
                text("select coalesce(max(active_pid), 0) from pg_replication_slots where slot_name = '" + slot + "'");
        return "0".equals(pid) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(pid));
    }

    /** When the transaction that wrote a row was committed, microseconds since 1970. */
    public long committedAtUs(String table, long id) {
        return Long.parseLong(text("select (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint from "
                + table + " where id = " + id));
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refuses: " + sql + ": " + e.getMessage(), e);
        }
    }

    private String text(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refuses: " + sql + ": " + e.getMessage(), e);
        }
    }

    /** When the transactions that wrote these rows were committed, microseconds since 1970. */
    public long[] committedAtUs(String table, long firstId, int rows) {
        long[] at = new long[rows];
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(
                        "select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint from "
                                + table + " where id between ? and ?")) {
            select.setLong(1, firstId);
            select.setLong(2, firstId + rows - 1);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    at[(int) (result.getLong(1) - firstId)] = result.getLong(2);
                }
            }
            return at;
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL does not tell commit times: " + e.getMessage(), e);
        }
    }

    /** The first column of the first row. */
    public long number(String sql) {
        return Long.parseLong(text(sql));
    }

    /** Says that the benchmark went well: the directory with its logs is not needed any more. */
    public void done() {
        done = true;
    }

    @Override
    public void close() {
        kafka.kill();
        postgres.kill();
        if (!done) {
            return;
        }
        BenchDirectory.delete(directory);
    }
}
