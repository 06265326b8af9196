package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.capture.copy.CopySink;
import dev.warung.capture.history.TableShape;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.ControlRows;
import dev.warung.core.schema.TableSchema;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SnapshotCopyIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private static final SnapshotCopyOptions.Reading SMALL = new SnapshotCopyOptions.Reading(3, 2, 1 << 20);

    private final Database database = POSTGRES.createDatabase();
    private final SourceSession source = new SourceSession(database);
    private final List<String> rows = Collections.synchronizedList(new ArrayList<>());
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void dropSlot() {
        database.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    @Test
    void everyRowOfTheSnapshotComesOnceFromManyRanges() throws Exception {
        database.execute(
                "create table t (id int primary key, v text)",
                "insert into t select g, repeat('x', 40) from generate_series(1, 5000) g",
                "delete from t where id % 7 = 0");
        source.setUp();

        try (SnapshotCopy copy = begin(SMALL)) {
            database.execute("insert into t values (100001, 'later')", "delete from t where id < 10");
            copy.copy(schemas(copy), sink());

            assertThat(rows).hasSize(4286).doesNotHaveDuplicates();
            assertThat(copy.progress().view()).satisfies(view -> {
                assertThat(view.rows()).isEqualTo(4286);
                assertThat(view.rangesDone()).isEqualTo(view.ranges()).isGreaterThan(10);
            });
        }
        assertThat(rows).contains("public.t:1," + "x".repeat(40)).noneMatch(row -> row.contains("later"));
    }

    @Test
    void partitionsAreReadAsTheirRootAndOddNamesAreQuoted() throws Exception {
        database.execute(
                "create schema \"Toko ü\"",
                "create table \"Toko ü\".\"Harga \"\"x\" (\"Id\" int, k int, primary key (\"Id\", k)) partition by list (k)",
                "create table \"Toko ü\".p1 (k int, \"Id\" int, primary key (\"Id\", k))",
                "alter table \"Toko ü\".\"Harga \"\"x\" attach partition \"Toko ü\".p1 for values in (1)",
                "insert into \"Toko ü\".p1 values (1, 5)");
        source.setUp();

        try (SnapshotCopy copy = begin(SMALL)) {
            copy.copy(schemas(copy), sink());
        }

        assertThat(rows).containsExactly("Toko ü.Harga \"x:5,1");
    }

    @Test
    void aRowAboveTheLimitBreaksItsTableAndNoOther() throws InterruptedException {
        database.execute(
                "create table t (id int primary key, v text)",
                "insert into t values (1, repeat('x', 2000000))",
                "create table u (id int primary key)",
                "insert into u values (7)");
        source.setUp();

        try (SnapshotCopy copy = begin(SMALL)) {
            copy.copy(schemas(copy), sink());
        }

        assertThat(rows).containsExactly("public.u:7");
        assertThat(broken)
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("public.t:").contains("row-bytes-max"));
    }

    @Test
    void refusedTablesAreListedWithTheReason() {
        database.execute("create table nokey (v text)");
        source.setUp();

        try (SnapshotCopy copy = begin(SMALL)) {
            assertThat(copy.tables())
                    .filteredOn(table -> !ControlRows.has(table.id()))
                    .singleElement()
                    .satisfies(table -> assertThat(table.refusal())
                            .hasValueSatisfying(r -> assertThat(r).contains("no primary key")));
            assertThat(copy.consistentPoint().value()).isPositive();
        }
    }

    @Test
    void aFailingSinkEndsTheCopy() {
        database.execute("create table t (id int primary key)", "insert into t select generate_series(1, 5000)");
        source.setUp();

        try (SnapshotCopy copy = begin(SMALL)) {
            CopySink failing = sink(row -> {
                throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "gone.");
            });
            assertThatThrownBy(() -> copy.copy(schemas(copy), failing)).hasMessageContaining("gone");
        }
    }

    private SnapshotCopy begin(SnapshotCopyOptions.Reading reading) {
        return SnapshotCopy.begin(
                source.connections(),
                new SnapshotCopyOptions("warung_it", SourceSession.PUBLICATION, TablePatterns.ALL, reading, true));
    }

    private static Map<Long, TableSchema> schemas(SnapshotCopy copy) {
        Map<Long, TableSchema> schemas = new HashMap<>();
        for (TableShape shape : copy.tables()) {
            if (shape.refusal().isEmpty()) {
                schemas.put(
                        shape.oid(),
                        new TableSchema(
                                shape.id(),
                                shape.oid(),
                                1,
                                1,
                                "topic",
                                shape.columns(),
                                shape.key(),
                                shape.indexes(),
                                Collation.LOCALE));
            }
        }
        return schemas;
    }

    private CopySink sink() {
        return sink(rows::add);
    }

    private CopySink sink(Consumer<String> taker) {
        return new CopySink() {
            @Override
            public void rows(TableSchema table, List<@Nullable String[]> batch) {
                for (@Nullable String[] row : batch) {
                    taker.accept(table.id() + ":" + String.join(",", Arrays.asList(row)));
                }
            }

            @Override
            public void broken(TableSchema table, String reason) {
                broken.add(table.id() + ":" + reason);
            }
        };
    }
}
