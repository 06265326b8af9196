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

    /** One line for each row of the log: the tag, then what it says of tables. */
    private static final String LOGGED = """
            select l.tag
                || coalesce((select string_agg(' ' || (t ->> 'schema') || '.' || (t ->> 'name')
                        || case when t ->> 'joined' is not null then ' joins ' || (t ->> 'joined') else '' end
                        || case when t -> 'refusals' <> '[]' then ' refused' else '' end
                        || case when l.change -> 'rewritten' @> (t -> 'oid') then ' rewritten' else '' end, ','
                        order by t ->> 'schema', t ->> 'name')
                    from jsonb_array_elements(l.change -> 'tables') t), '')
                || coalesce((select string_agg(' drops ' || (d ->> 'name'), ',' order by d ->> 'name')
                    from jsonb_array_elements(l.change -> 'dropped') d), '')
                || case when l.error is not null then ' failed' else '' end
            from warung.ddl_log l
            """;

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

    List<String> controlMembers() {
        return database.query("select schemaname || '.' || tablename from pg_publication_tables where pubname = '"
                + PUBLICATION + "' and schemaname = 'warung' order by 1");
    }

    /** Executes the statements and tells what they made the log say. */
    List<String> log(String... statements) {
        return logOf(() -> database.execute(statements));
    }

    /** Tells what the work made the log say. */
    List<String> logOf(Runnable work) {
        long last = lastId();
        work.run();
        return database.query(LOGGED + "where l.id > " + last + " order by l.id");
    }

    private long lastId() {
        return Long.parseLong(database.value("select coalesce(max(id), 0) from warung.ddl_log"));
    }
}
