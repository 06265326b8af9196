package dev.warung.capture.source;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.testkit.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A database with the set-up done, as tests need it. */
record SourceSession(Database database) {

    static final String PUBLICATION = "warung_test";

    SetupReport setUp(String... patterns) {
        TablePatterns tables =
                patterns.length == 0 ? TablePatterns.ALL : new TablePatterns(List.of(patterns), List.of());
        try (Connection connection = connections().open()) {
            return SourceSetup.run(connection, new SetupOptions(PUBLICATION, tables, Optional.empty()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    SourceConnections connections() {
        return new SourceConnections(PostgresUrl.parse(database.jdbcUrl()));
    }

    List<String> members() {
        return database.query("select schemaname || '.' || tablename from pg_publication_tables where pubname = '"
                + PUBLICATION + "' and schemaname <> 'warung' order by 1");
    }
}
