package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.OutletRecord;
import dev.warung.outlet.link.OutletState;
import dev.warung.testkit.KafkaFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the file, to the topics or to the outlet itself: repaired, or said; never mixed (I7, I8, I12). */
class FaultsIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @TempDir
    Path directory;

    private ShapeWriter writer;
    private Path file;
    private String topic;

    @BeforeEach
    void write() {
        writer = new ShapeWriter(KAFKA.bootstrapServers(), KAFKA.createPrefix());
        file = directory.resolve("outlet.db");
        topic = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS), Map.of());
        for (long i = 1; i <= 500; i++) {
            writer.put(topic, 0, i, "Ani", i);
        }
        writer.end(topic);
        writer.commit();
        writer.createPrivate();
        writer.tell();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void aFileThatIsReplacedByAnOlderCopyCatchesUp() throws IOException {
        runTo(change(1));
        Path copy = directory.resolve("copy.db");
        Files.copy(file, copy);
        runTo(change(2));

        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);

        runTo(change(3));
        assertThat(rows("accounts")).hasSize(497).doesNotContainKeys("[1]", "[2]", "[3]");
    }

    @Test
    void aCopySoOldThatDeletesAreGoneIsReadAnew() throws IOException {
        runTo(change(1));
        InstantSource later =
                InstantSource.fixed(InstantSource.system().instant().plus(Duration.ofDays(40)));
        ChangeId last = change(2);

        try (RunningOutlet outlet = new RunningOutlet(KAFKA.bootstrapServers(), writer.topics(), file, later)) {
            RunningOutlet.awaitPosition(file, "branch", last);
            outlet.await(s -> s.shapes().size() == 1 && s.shapes().get(0).feed().number() > 1);
        }
        assertThat(rows("accounts")).hasSize(498);
    }

    @Test
    void anOutletThatWasAwayLongerThanVersionsAreKeptCatchesUpInOneStep() {
        runTo(change(1));
        for (int i = 2; i < 100; i++) {
            change(i);
        }
        ChangeId last = change(100);
        InstantSource later =
                InstantSource.fixed(InstantSource.system().instant().plus(Duration.ofDays(10)));

        try (RunningOutlet outlet = new RunningOutlet(KAFKA.bootstrapServers(), writer.topics(), file, later)) {
            RunningOutlet.awaitPosition(file, "branch", last);
            assertThat(outlet.status().shapes().get(0).feed().number()).isEqualTo(1);
        }
        assertThat(rows("accounts")).hasSize(400);
    }

    @Test
    void aDamagedFileIsSetAsideAndReadAnew() throws IOException {
        runTo(change(1));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (long page = 2; page * 4096 < bytes.length(); page++) {
                bytes.seek(page * 4096);
                bytes.write(new byte[64]);
            }
        }

        runTo(change(2));

        assertThat(rows("accounts")).hasSize(498);
        assertThat(directory.resolve("outlet.db.damaged-1")).exists();
    }

    @Test
    void aFileWhoseTableSomebodyHasDroppedIsReadAnew() throws SQLException {
        runTo(change(1));
        sql("DROP TABLE accounts");

        runTo(change(2));

        assertThat(rows("accounts")).hasSize(498);
    }

    @Test
    void aFileThatIsDeletedWhileItIsOpenIsReadAnew() throws IOException {
        ChangeId first = change(1);
        try (RunningOutlet outlet = start()) {
            RunningOutlet.awaitPosition(file, "branch", first);
            Files.delete(file);
            RunningOutlet.awaitPosition(file, "branch", change(2));
            assertThat(outlet.status().failure()).isEmpty();
        }
        assertThat(rows("accounts")).hasSize(498);
    }

    @Test
    void theFileOfAnotherOutletIsSetAside() throws SQLException {
        runTo(change(1));
        sql("UPDATE _warung_outlet SET id = '" + UUID.randomUUID() + "'");

        runTo(change(2));

        assertThat(rows("accounts")).hasSize(498);
        assertThat(directory.resolve("outlet.db.damaged-1")).exists();
    }

    @Test
    void whenTheOutletsGenerationGrowsEverythingIsReadAnewWhileReadersGoOn() throws SQLException {
        ChangeId first = change(1);
        try (RunningOutlet outlet = start()) {
            RunningOutlet.awaitPosition(file, "branch", first);
            sql("DELETE FROM accounts WHERE id = 7");
            sql("CREATE INDEX app_owner ON accounts (owner)");
            writer.grow();
            writer.tell();
            Awaitility.await()
                    .atMost(RunningOutlet.LIMIT)
                    .until(() -> rows("accounts").size() == 499);
            outlet.await(s -> s.shapes().size() == 1 && s.isComplete());
            RunningOutlet.awaitPosition(file, "branch", change(2));
        }
        assertThat(rows("accounts")).hasSize(498).containsKey("[7]");
        assertThat(number("SELECT count(*) FROM sqlite_master WHERE name = 'app_owner'"))
                .isEqualTo(1);
        assertThat(number("SELECT count(*) FROM sqlite_master WHERE name LIKE '_warung_shadow%'"))
                .isZero();
    }

    @Test
    void aNewGenerationOfAShapeTakesTheOldOnesPlaceInOneStep() {
        ChangeId first = change(1);
        try (RunningOutlet outlet = start()) {
            RunningOutlet.awaitPosition(file, "branch", first);
            String next = writer.create(
                    Shapes.shape(
                            "branch", 2, Shapes.LONG, Shapes.table("accounts", List.of("id"), "id", "owner", "note")),
                    Map.of());
            writer.put(next, 0, 1000L, "Citra", null);
            ChangeId end = writer.end(next);
            writer.commit();
            writer.tell();
            RunningOutlet.awaitPosition(file, "branch", end);
            outlet.await(s -> s.shapes().size() == 1);
        }
        List<Object> row = new ArrayList<>(List.of(1000L, "Citra"));
        row.add(null);
        assertThat(OutletDump.of(file).tables()).isEqualTo(Map.of("accounts", Map.of("[1000]", row)));
    }

    @Test
    void aShapeThatGoesTakesItsRowsAndASharedRowStays() {
        String other = writer.create(Shapes.shape("all", 1, Shapes.LONG, Shapes.ACCOUNTS, Shapes.ENTRIES), Map.of());
        for (long i = 490; i <= 510; i++) {
            writer.put(other, 0, i, "Ani", i);
            writer.put(other, 1, i, 1L, 0L);
        }
        ChangeId first = writer.end(other);
        writer.commit();
        writer.tell();
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.isComplete() && s.shapes().size() == 2);
            RunningOutlet.awaitPosition(file, "all", first);
            assertThat(rows("accounts")).hasSize(510);
            writer.gone(topic, 0, 500L, null, null);
            writer.gone(topic, 0, 1L, null, null);
            RunningOutlet.awaitPosition(file, "branch", endOf(topic));
            assertThat(rows("accounts")).hasSize(509).containsKey("[500]");

            writer.forget("branch");
            writer.tell();
            outlet.await(s -> s.shapes().size() == 1);
            assertThat(rows("accounts")).hasSize(21);
            writer.forget("all");
            writer.tell();
            outlet.await(s -> s.shapes().isEmpty());
        }
        assertThat(OutletDump.of(file).tables()).isEmpty();
    }

    @Test
    void aDisabledOutletKeepsItsRowsAndSaysSoARemovedOneLosesThem() {
        ChangeId first = change(1);
        try (RunningOutlet outlet = start()) {
            RunningOutlet.awaitPosition(file, "branch", first);
            writer.tell(writer.outlet(false));
            outlet.await(s -> s.state() == OutletState.DISABLED);
            change(2);
            assertThat(rows("accounts")).hasSize(499);
            writer.tell();
            RunningOutlet.awaitPosition(file, "branch", change(3));
            assertThat(rows("accounts")).hasSize(497);

            OutletRecord now = writer.outlet(false);
            writer.tell(new OutletRecord(
                    now.id(), now.code(), now.name(), now.attributes(), false, now.generation(), List.of(), List.of()));
            Awaitility.await()
                    .atMost(RunningOutlet.LIMIT)
                    .until(() -> OutletDump.of(file).tables().isEmpty());
        }
    }

    @Test
    void aTopicThatWasCreatedAnewIsNotTakenForTheShape() {
        runTo(change(1));
        OutletRecord before = writer.outlet(true);
        writer.deleteTopic(topic);
        Awaitility.await().atMost(RunningOutlet.LIMIT).ignoreExceptions().until(() -> {
            topic = writer.create(Shapes.shape("branch", 1, Shapes.LONG, Shapes.ACCOUNTS), Map.of());
            return true;
        });
        writer.put(topic, 0, 7L, "another life", 0L);
        ChangeId end = writer.end(topic);
        writer.commit();
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.shapes().stream().anyMatch(f -> f.waits().contains("created anew")));
            assertThat(rows("accounts")).hasSize(499);
            assertThat(before.shapes().get(0).topic()).isEqualTo(topic);

            writer.tell();
            RunningOutlet.awaitPosition(file, "branch", end);
        }
        assertThat(rows("accounts")).hasSize(1);
    }

    @Test
    void aRecordThatIsNoRowStopsTheOutletAndIsNamed() {
        ChangeId first = change(1);
        writer.send(topic, "[0,9]".getBytes(StandardCharsets.UTF_8), "[9,".getBytes(StandardCharsets.UTF_8));
        writer.end(topic);
        writer.commit();
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.state() == OutletState.FAILED);
            assertThat(outlet.status().failure()).contains("LOG_INCONSISTENT", topic);
        }
        assertThat(OutletDump.of(file).positions().getOrDefault("branch", first.toString()))
                .isEqualTo(first.toString());
    }

    @Test
    void anOutletWhoseCodeBelongsToAnotherNowReadsNothing() {
        OutletRecord now = writer.outlet(true);
        writer.tell(new OutletRecord(
                UUID.randomUUID().toString(), now.code(), now.name(), Map.of(), true, 1, now.shapes(), List.of()));
        try (RunningOutlet outlet = start()) {
            outlet.await(s -> s.state() == OutletState.FAILED);
            assertThat(outlet.status().failure()).contains("OUTLET_UNKNOWN");
        }
        assertThat(OutletDump.of(file).tables()).isEmpty();
    }

    private ChangeId change(long gone) {
        writer.gone(topic, 0, gone, null, null);
        return endOf(topic);
    }

    private ChangeId endOf(String ended) {
        ChangeId end = writer.end(ended);
        writer.commit();
        return end;
    }

    private void runTo(ChangeId id) {
        try (RunningOutlet ignored = start()) {
            RunningOutlet.awaitPosition(file, "branch", id);
        }
    }

    private RunningOutlet start() {
        return RunningOutlet.start(KAFKA.bootstrapServers(), writer.topics(), file);
    }

    private Map<String, List<Object>> rows(String table) {
        return OutletDump.of(file).tables().get(table);
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement one = connection.createStatement()) {
            return one.executeQuery(query).getLong(1);
        }
    }
}
