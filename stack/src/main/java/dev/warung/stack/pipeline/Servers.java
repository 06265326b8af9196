package dev.warung.stack.pipeline;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import dev.warung.embedded.PostgresOptions;
import dev.warung.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** PostgreSQL and Kafka for a pipeline: embedded ones, or those that the user named. */
public final class Servers implements AutoCloseable {
    /** The database of the embedded PostgreSQL. */
    public static final String DATABASE = "toko";

    private final Optional<PostgresServer> embeddedPostgres;
    private final Optional<KafkaServer> embeddedKafka;
    private final String postgresText;
    private final PostgresUrl postgres;
    private final String kafka;

    private Servers(
            Optional<PostgresServer> embeddedPostgres,
            Optional<KafkaServer> embeddedKafka,
            String postgresText,
            String kafka) {
        this.embeddedPostgres = embeddedPostgres;
        this.embeddedKafka = embeddedKafka;
        this.postgresText = postgresText;
        this.postgres = PostgresUrl.parse(postgresText);
        this.kafka = kafka;
    }

    /** Where the password of an embedded PostgreSQL stands; empty for one that the user named. */
    public Optional<Path> passwordFile() {
        return embeddedPostgres.map(PostgresServer::passwordFile);
    }

    static Servers start(StackOptions options, Consumer<String> progress) {
        CompletableFuture<Optional<KafkaServer>> kafka =
                CompletableFuture.supplyAsync(() -> startKafka(options, progress));
        Optional<PostgresServer> postgres = Optional.empty();
        try {
            postgres = startPostgres(options, progress);
            Optional<KafkaServer> broker = kafka.join();
            String address = postgres.map(server -> server.uri(DATABASE))
                    .orElseGet(() -> options.postgres().orElseThrow());
            String bootstrap = broker.map(KafkaServer::bootstrapServers)
                    .orElseGet(() -> options.kafka().orElseThrow());
            return new Servers(postgres, broker, address, bootstrap);
        } catch (RuntimeException e) {
            postgres.ifPresent(PostgresServer::close);
            try {
                kafka.join().ifPresent(KafkaServer::close);
            } catch (CompletionException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            throw new StackException(String.valueOf(cause.getMessage()), cause);
        }
    }

    private static Optional<PostgresServer> startPostgres(StackOptions options, Consumer<String> progress) {
        if (options.postgres().isPresent()) {
            return Optional.empty();
        }
        PostgresServer server =
                PostgresServer.start(PostgresOptions.in(options.directory().resolve("postgres")));
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            boolean found;
            try (ResultSet row = statement.executeQuery(
                    "select exists (select from pg_database where datname = '" + DATABASE + "')")) {
                row.next();
                found = row.getBoolean(1);
            }
            if (!found) {
                statement.execute("create database " + DATABASE);
            }
        } catch (SQLException e) {
            server.close();
            throw new StackException("cannot create the database " + DATABASE + ": " + e.getMessage(), e);
        }
        progress.accept("PostgreSQL 18 runs on port " + server.port());
        return Optional.of(server);
    }

    private static Optional<KafkaServer> startKafka(StackOptions options, Consumer<String> progress) {
        if (options.kafka().isPresent()) {
            return Optional.empty();
        }
        KafkaServer server =
                KafkaServer.start(KafkaOptions.in(options.directory().resolve("kafka")));
        progress.accept("Kafka runs on port " + server.port());
        return Optional.of(server);
    }

    public PostgresUrl postgres() {
        return postgres;
    }

    /** With the password. */
    String postgresText() {
        return postgresText;
    }

    public String kafka() {
        return kafka;
    }

    /** A connection to the captured database, with automatic commit. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbc(), postgres.user(), postgres.password());
    }

    /** Of the embedded PostgreSQL, with credentials; for the demo's shops. */
    public String embeddedJdbcUrl() {
        return embeddedPostgres.orElseThrow().jdbcUrl(DATABASE);
    }

    /** The first of the embedded servers that is not running any more. */
    public Optional<String> failure() {
        if (embeddedPostgres.isPresent() && !embeddedPostgres.get().isRunning()) {
            return Optional.of("PostgreSQL ended; see " + embeddedPostgres.get().logFile());
        }
        if (embeddedKafka.isPresent() && !embeddedKafka.get().isRunning()) {
            return Optional.of("Kafka ended; see " + embeddedKafka.get().logFile());
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        embeddedKafka.ifPresent(KafkaServer::close);
        embeddedPostgres.ifPresent(PostgresServer::close);
    }
}
