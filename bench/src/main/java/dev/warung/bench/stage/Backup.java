package dev.warung.bench.stage;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.measure.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Looks at the replicator's file as any application would, read-only. A look reads one page of the table's index: in WAL mode it never
 * holds up the replicator.
 *
 * <p>Thread: one at a time.
 */
public final class Backup implements AutoCloseable {
    private static final String TABLE = BenchTable.ID.name();

    private final Path file;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement lastId;
    private @Nullable PreparedStatement version;
    private @Nullable PreparedStatement ids;

    public Backup(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /** The highest id that can be seen; 0 while there is neither file nor table. */
    public long lastId() {
        try {
            if (lastId == null) {
                Connection open = open();
                if (open == null) {
                    return 0;
                }
                lastId = open.prepareStatement("select max(id) from " + TABLE);
            }
            return number(lastId);
        } catch (SQLException notYet) {
            lastId = null;
            return 0;
        }
    }

    /** A number that changes with each commit of the replicator. */
    public long version() throws SQLException {
        if (version == null) {
            version = require().prepareStatement("pragma data_version");
        }
        return number(version);
    }

    /** Hands over every id from {@code first} on that can be seen. */
    public void idsFrom(long first, LongConsumer seen) throws SQLException {
        if (ids == null) {
            ids = require().prepareStatement("select id from " + TABLE + " where id >= ?");
        }
        ids.setLong(1, first);
        try (ResultSet rows = ids.executeQuery()) {
            while (rows.next()) {
                seen.accept(rows.getLong(1));
            }
        }
    }

    public long count() {
        try (Statement statement = require().createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + TABLE)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new BenchException("The backup cannot be read: " + e.getMessage(), e);
        }
    }

    private static long number(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection require() throws SQLException {
        Connection open = open();
        if (open == null) {
            throw new BenchException("There is no backup at " + file);
        }
        return open;
    }

    private @Nullable Connection open() throws SQLException {
        if (connection == null && Files.exists(file)) {
            SQLiteConfig config = new SQLiteConfig();
            config.setReadOnly(true);
            config.setBusyTimeout(10_000);
            connection = DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
        }
        return connection;
    }

    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new BenchException("The backup cannot be closed: " + e.getMessage(), e);
        }
    }
}
