package dev.warung.stack.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.pipeline.Link;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.StringJoiner;

/** A device as its application sees it: a file, and a link that nobody promises anything about. */
record Device(Path file, Link link) {

    private static final String WRITES_OF_ONE_ROW = "select status || coalesce(' ' || nullif(result, status), '')"
            + " from _warung_writes where coalesce(row_after, row_before) like '%' || '";

    /** One transaction. */
    void write(String... statements) throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("begin immediate");
            for (String sql : statements) {
                statement.execute(sql);
            }
            statement.execute("commit");
        }
    }

    /** The first column of all rows, with commas. */
    String read(String sql) throws SQLException {
        StringJoiner values = new StringJoiner(",");
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(String.valueOf((Object) result.getString(1)));
            }
        }
        return values.toString();
    }

    void await(String sql, String expected) {
        org.awaitility.Awaitility.await()
                .atMost(Branches.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(read(sql)).isEqualTo(expected));
    }

    /** Waits until the writes that have a text in their row have this status, and result if it says more. */
    void awaitWrites(String text, String expected) {
        await(WRITES_OF_ONE_ROW + text + "' || '%' order by seq", expected);
    }

    private Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout=20000");
        }
        return connection;
    }
}
