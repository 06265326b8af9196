package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.schema.ControlRows;
import dev.warung.core.wire.PositionRecord;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All that capture does, as the role that set-up makes for it. */
class LeastPrivilegeIT {

    private static final String SLOT = "least";

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private final Database database = POSTGRES.createDatabase();
    private final SourceSession source = new SourceSession(database);
    private final SourceConnections role =
            new SourceConnections(PostgresUrl.parse(database.jdbcUrl()).withLogin("capture_role", "it's secret"));
    private final SourcePreflight preflight = new SourcePreflight(role, SLOT, SourceSession.PUBLICATION);

    @BeforeEach
    void setUp() throws SQLException {
        database.execute("create table t (id int primary key)", "insert into t values (1)");
        try (Connection connection = source.connections().open()) {
            SourceSetup.run(
                    connection,
                    new SetupOptions(
                            SourceSession.PUBLICATION,
                            TablePatterns.ALL,
                            Optional.of(new SetupOptions.Role("capture_role", "it's secret"))));
        }
    }

    @AfterEach
    void dropSlot() {
        database.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    @Test
    void thePreflightTheCopyTheHeartbeatAndTheWatcherAreAllowed() {
        assertThatCode(preflight::checkForCopy).doesNotThrowAnyException();
        assertThatCode(() -> HeartbeatWriter.beat(role)).doesNotThrowAnyException();
        try (SnapshotCopy copy = begin()) {
            assertThat(copy.tables())
                    .hasSize(1 + ControlRows.TABLES.size())
                    .allSatisfy(t -> assertThat(t.refusal()).isEmpty());
            Lsn copied = copy.consistentPoint();
            assertThatCode(() -> preflight.checkForStream(copied, known(preflight.checkForCopy())))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> {
                    try (Connection connection = role.open()) {
                        connection.createStatement().execute("select warung.poll()");
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void whatStandsAgainstTheStreamIsFound() {
        PositionRecord.Server server = known(preflight.checkForCopy());
        Lsn read = Lsn.parse(database.value("select pg_current_wal_insert_lsn()"));

        assertThatThrownBy(() -> preflight.checkForStream(read, server))
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_MISSING));
        begin().close();
        assertThatThrownBy(() -> preflight.checkForStream(read, server))
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_AHEAD));
        database.execute("drop publication warung_test");
        assertThatThrownBy(() -> preflight.checkForStream(read, server))
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLICATION_CHANGED));
    }

    @Test
    void aPublicationOfSomeoneElseThatLacksTheControlRowsIsNamedWithTheRemedy() {
        PositionRecord.Server server = known(preflight.checkForCopy());
        Lsn read = Lsn.parse(database.value("select pg_current_wal_insert_lsn()"));
        begin().close();
        database.execute("alter publication warung_test drop table warung.shapes, warung.outlets");

        assertThatThrownBy(preflight::checkForCopy)
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POSTGRES_NOT_READY))
                .hasMessageContaining("--setup-url")
                .hasMessageContaining("ADD TABLE ONLY warung.shapes, warung.outlets");
        assertThatThrownBy(() -> preflight.checkForStream(read, server)).hasMessageContaining("warung.outlets");
    }

    @Test
    void shapesAndOutletsAreWrittenByTheRoleToo() {
        assertThatCode(() -> {
                    try (Connection connection = role.open()) {
                        connection
                                .createStatement()
                                .execute("insert into warung.outlets (code, name) values ('solo', 'Solo');"
                                        + " insert into warung.shapes (name, definition) values ('katalog', '{}');"
                                        + " update warung.outlets set generation = 2; delete from warung.shapes");
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void whoTookOverLastHolds() {
        Holder first = new Holder(role);
        Holder second = new Holder(role);
        first.take();
        assertThatCode(first::requireHeld).doesNotThrowAnyException();

        second.take();

        assertThatThrownBy(first::requireHeld)
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
        assertThatCode(second::requireHeld).doesNotThrowAnyException();
        first.take();
        assertThatCode(first::requireHeld).doesNotThrowAnyException();
    }

    @Test
    void epochsGrowWhicheverSideHasForgotten() {
        EpochCounter epochs = new EpochCounter(role);

        assertThat(epochs.next(5)).isEqualTo(6);
        assertThat(epochs.next(0)).as("Kafka lost everything").isEqualTo(7);
        assertThat(epochs.next(9)).as("PostgreSQL was restored").isEqualTo(10);
    }

    @Test
    void setUpByTheRoleItselfSaysWhatToDo() {
        assertThatThrownBy(() -> {
                    try (Connection connection = role.open()) {
                        SourceSetup.run(
                                connection,
                                new SetupOptions(SourceSession.PUBLICATION, TablePatterns.ALL, Optional.empty()));
                    }
                })
                .hasMessageContaining("--setup-url");
    }

    private SnapshotCopy begin() {
        return SnapshotCopy.begin(
                role,
                new SnapshotCopyOptions(
                        SLOT,
                        SourceSession.PUBLICATION,
                        new TablePatterns(List.of("*.*"), List.of()),
                        SnapshotCopyOptions.Reading.DEFAULT,
                        false));
    }

    private static PositionRecord.Server known(PositionRecord.Server server) {
        return new PositionRecord.Server(server.systemId(), server.timeline(), SLOT, 0, "");
    }
}
