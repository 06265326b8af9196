package dev.warung.testkit.fleet;

import dev.warung.core.wire.ShapeSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** What some topics hold, as a SQLite file. */
final class TopicFile {

    private record Table(ShapeSchema.Table schema, Map<String, TopicFeed.Held> rows) {}

    private TopicFile() {}

    static void write(Path file, Collection<TopicFeed> feeds) throws SQLException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.setAutoCommit(false);
            for (Table table : tables(feeds).values()) {
                write(connection, table);
            }
            connection.commit();
        }
    }

    /** A row that several shapes hold is there once, as the newest change made it. */
    private static Map<String, Table> tables(Collection<TopicFeed> feeds) {
        Map<String, Table> tables = new TreeMap<>();
        for (TopicFeed feed : feeds) {
            if (!feed.hasSchema()) {
                continue;
            }
            for (int i = 0; i < feed.schema().tables().size(); i++) {
                ShapeSchema.Table schema = feed.schema().tables().get(i);
                Table table = tables.computeIfAbsent(schema.id().name(), name -> new Table(schema, new TreeMap<>()));
                // While a shape goes over to other columns, the topics of one table differ; the oracle looks again.
                if (table.schema().columns().equals(schema.columns())) {
                    feed.rows(i)
                            .forEach((key, row) -> table.rows()
                                    .merge(key, row, (one, other) -> one.id().compareTo(other.id()) < 0 ? other : one));
                }
            }
        }
        return tables;
    }

    private static void write(Connection connection, Table table) throws SQLException {
        String name = table.schema().id().name();
        String columns = String.join(
                ", ",
                table.schema().columns().stream()
                        .map(ShapeSchema.ShapeColumn::name)
                        .toList());
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + name + " (" + columns + ")");
        }
        String marks = "?, ".repeat(table.schema().columns().size() - 1) + "?";
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + name + " VALUES (" + marks + ")")) {
            for (TopicFeed.Held row : table.rows().values()) {
                for (int i = 0; i < row.values().length; i++) {
                    insert.setObject(i + 1, row.values()[i]);
                }
                insert.execute();
            }
        }
    }
}
