package dev.warung.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
    @Test
    void killedServerComesBackOnItsPortWithWhatWasCommitted(@TempDir Path directory) throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresOptions.in(directory))) {
            execute(server, "create table t (id int primary key)");
            execute(server, "insert into t select generate_series(1, 1000)");
            List<ProcessHandle> children =
                    ProcessHandle.of(server.pid()).orElseThrow().descendants().toList();
            int port = server.port();

            server.kill();

            assertThat(server.isRunning()).isFalse();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            server.start();
            assertThat(server.port()).isEqualTo(port);
            assertThat(query(server, "select count(*) from t")).isEqualTo("1000");
        }
    }

    @Test
    void dataDirectoryIsOpenedAgainByAnotherServer(@TempDir Path directory) throws Exception {
        int port;
        try (PostgresServer first = PostgresServer.start(PostgresOptions.in(directory))) {
            port = first.port();
            execute(first, "create table t (id int)");
        }

        try (PostgresServer second = PostgresServer.start(PostgresOptions.in(directory))) {
            assertThat(query(second, "select count(*) from t")).isEqualTo("0");
            assertThat(second.port()).isEqualTo(port);
            second.restart();
            assertThat(query(second, "select count(*) from t")).isEqualTo("0");
        }
    }

    @Test
    void pidFileOfAForeignProcessDoesNotBlockTheStart(@TempDir Path directory) throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresOptions.in(directory))) {
            server.kill();
            Path pidFile = server.dataDirectory().resolve("postmaster.pid");
            long foreign = ProcessHandle.current().pid();
            Files.writeString(pidFile, Files.readString(pidFile).replaceFirst("\\d+", Long.toString(foreign)));

            server.start();

            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void serverIsDurableAndReadyForLogicalReplication() throws Exception {
        PostgresOptions options = PostgresOptions.temporary().withSetting("work_mem", "7MB");
        try (PostgresServer server = PostgresServer.start(options)) {
            assertThat(query(server, "show fsync")).isEqualTo("on");
            assertThat(query(server, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "show full_page_writes")).isEqualTo("on");
            assertThat(query(server, "show wal_level")).isEqualTo("logical");
            assertThat(query(server, "show track_commit_timestamp")).isEqualTo("on");
            assertThat(query(server, "show max_prepared_transactions")).isEqualTo("10");
            assertThat(query(server, "show wal_sender_timeout")).isEqualTo("1min");
            assertThat(query(server, "show server_encoding")).isEqualTo("UTF8");
            assertThat(query(server, "show work_mem")).isEqualTo("7MB");
            assertThat(query(server, "show timezone")).isEqualTo("UTC");
            assertThat(query(server, "show server_version")).startsWith("18.");
        }
        assertThat(options.directory()).doesNotExist();
    }

    @Test
    void serverEndsWithItsParent(@TempDir Path directory) throws Exception {
        JavaProcess parent = JavaProcess.start(
                JavaProcess.Spec.of(PostgresParentMain.class.getName(), directory.resolve("parent.log"))
                        .withArgs(directory.resolve("pg").toString()));
        parent.awaitOutput("running ", Duration.ofSeconds(60));
        long pid = Long.parseLong(parent.output().replaceAll("(?s).*running (\\d+).*", "$1"));
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();

        parent.kill();

        assertThat(Await.until(Duration.ofSeconds(20), () -> !postmaster.isAlive()))
                .isTrue();
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
