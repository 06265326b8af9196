package dev.warung.replicator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.SchemaRecord;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaApplierTest {

    private static final ChangeId STREAM = new ChangeId(1, new Lsn(1), 4);

    @TempDir
    Path directory;

    private Connection connection;
    private Catalog catalog;
    private SchemaApplier applier;
    private int version;

    @BeforeEach
    void open() {
        Path file = directory.resolve("backup.db");
        ReplicaFiles.create(file);
        connection = ReplicaFile.openForWriting(file);
        new CheckpointStore(connection);
        catalog = new Catalog(connection);
        applier = new SchemaApplier(connection, catalog, false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.rollback();
        connection.close();
    }

    @Test
    void namesThatDifferOnlyByCaseOrAreReservedGiveWay() {
        live(table("public", "Toko", 1, column(1, "id", ValueKind.INTEGER), column(2, "ID", ValueKind.TEXT)));
        live(table("public", "toko", 2, column(1, "id", ValueKind.INTEGER)));
        live(table("public", "sqlite_x", 3, column(1, "id", ValueKind.INTEGER)));
        live(table("public", "_warung_catalog", 4, column(1, "id", ValueKind.INTEGER)));
        live(table("gudang", "stok \"baru\"", 5, column(1, "id", ValueKind.INTEGER)));

        assertThat(visibleNames())
                .containsExactlyInAnyOrder(
                        "Toko", "toko_2", "public.sqlite_x", "public._warung_catalog", "gudang.stok \"baru\"");
        assertThat(columns("Toko")).containsExactly("id INTEGER 1 1", "ID_2 TEXT 0 0");
    }

    @Test
    void eachKindHasItsStrictTypeAndTheKeyItsOrder() {
        TableSchema schema = new TableSchema(
                new TableId("public", "t"),
                1,
                1,
                ++version,
                "t.1",
                List.of(
                        column(1, "a", ValueKind.TEXT),
                        column(2, "b", ValueKind.BYTES),
                        column(3, "c", ValueKind.FLOAT),
                        column(4, "d", ValueKind.BOOLEAN)),
                List.of("c", "a"),
                List.of(),
                Collation.LOCALE);
        live(schema);

        assertThat(columns("t")).containsExactly("a TEXT 1 2", "b BLOB 0 0", "c ANY 1 1", "d INTEGER 0 0");
    }

    @Test
    void aDroppedOrRetypedColumnKeepsTheOtherValues() {
        live(table(
                "public",
                "t",
                1,
                column(1, "id", ValueKind.INTEGER),
                column(2, "b", ValueKind.TEXT),
                column(3, "c", ValueKind.TEXT)));
        Sqlite.execute(connection, "INSERT INTO t VALUES (7, 'b', 'c')");

        live(table("public", "t", 1, column(1, "id", ValueKind.INTEGER), column(3, "b", ValueKind.TEXT)));

        assertThat(Sqlite.texts(connection, "SELECT id || b FROM t")).containsExactly("7c");
    }

    @Test
    void aColumnThatIsAddedNotNullHasItsMissingValueInOldRows() {
        live(table("public", "t", 1, column(1, "id", ValueKind.INTEGER)));
        Sqlite.execute(connection, "INSERT INTO t VALUES (7)");

        live(table(
                "public",
                "t",
                1,
                column(1, "id", ValueKind.INTEGER),
                new Column(2, "s", "text", ValueKind.TEXT, true, Generated.NO, "it's", TypeMeaning.of("text")),
                new Column(3, "f", "float8", ValueKind.FLOAT, true, Generated.NO, "-0", TypeMeaning.of("float8")),
                new Column(4, "y", "bytea", ValueKind.BYTES, true, Generated.NO, "\\x00ff", TypeMeaning.of("bytea"))));

        assertThat(Sqlite.texts(connection, "SELECT s || typeof(f) || f || hex(y) FROM t"))
                .containsExactly("it'stext-000FF");
        assertThat(columns("t")).contains("s TEXT 1 0", "f ANY 1 0", "y BLOB 1 0");
    }

    @Test
    void aRenameFreesTheNameForAnotherTable() {
        live(table("public", "a", 1, column(1, "id", ValueKind.INTEGER)));
        live(table("public", "b", 1, column(1, "id", ValueKind.INTEGER)));
        live(table("public", "a", 2, column(1, "id", ValueKind.INTEGER)));

        assertThat(visibleNames()).containsExactlyInAnyOrder("b", "a");
        assertThat(catalog.byOid(1)).hasSize(1);
    }

    @Test
    void aNewGenerationIsOutOfSightUntilItIsLiveAndTheOldOneSaysSo() {
        live(table("public", "t", 1, column(1, "id", ValueKind.INTEGER)));
        Sqlite.execute(connection, "INSERT INTO t VALUES (1)");
        TableSchema next = generation(2, column(1, "id", ValueKind.INTEGER));

        applier.apply(STREAM, new SchemaRecord.Table(next, SchemaRecord.State.COPYING, "type change", 1_000));

        assertThat(visibleNames()).containsExactly("t");
        assertThat(Sqlite.texts(
                        connection, "SELECT state || rebuilding_since || reason FROM _warung_catalog WHERE visible"))
                .containsExactly("rebuilding1970-01-01T00:00:01Ztype change");
        applier.apply(STREAM, new SchemaRecord.Table(next, SchemaRecord.State.LIVE, "", 2_000));
        assertThat(Sqlite.number(connection, "SELECT count(*) FROM t")).isZero();
        assertThat(Sqlite.texts(connection, "SELECT state FROM _warung_catalog"))
                .containsExactly("live");
    }

    @Test
    void indexesFollowTheDescription() {
        live(indexed(new IndexDef("by_b", true, List.of("b"), ""), new IndexDef("expr", false, List.of(), "")));
        assertThat(indexes()).containsExactly("CREATE INDEX \"by_b\" ON \"t\" (\"b\")");

        live(indexed(new IndexDef("by_b", true, List.of("b", "id"), ""), new IndexDef("t", false, List.of("b"), "")));

        assertThat(indexes())
                .containsExactly(
                        "CREATE INDEX \"by_b\" ON \"t\" (\"b\", \"id\")", "CREATE INDEX \"t_1\" ON \"t\" (\"b\")");
    }

    @Test
    void theCatalogueSurvivesReopening() {
        live(table("public", "t", 1, column(1, "id", ValueKind.INTEGER)));

        Catalog again = new Catalog(connection);

        assertThat(again.all()).isEqualTo(catalog.all());
        assertThat(again.version(version)).isEqualTo(catalog.version(version));
    }

    private void live(TableSchema schema) {
        applier.apply(STREAM, new SchemaRecord.Table(schema, SchemaRecord.State.LIVE, "", 0));
    }

    private TableSchema table(String schema, String name, long oid, Column... columns) {
        return new TableSchema(
                new TableId(schema, name),
                oid,
                1,
                ++version,
                "topic" + oid,
                List.of(columns),
                List.of("id"),
                List.of(),
                Collation.LOCALE);
    }

    private TableSchema generation(int generation, Column... columns) {
        return new TableSchema(
                new TableId("public", "t"),
                1,
                generation,
                ++version,
                "topic1." + generation,
                List.of(columns),
                List.of("id"),
                List.of(),
                Collation.LOCALE);
    }

    private TableSchema indexed(IndexDef... indexes) {
        return new TableSchema(
                new TableId("public", "t"),
                1,
                1,
                ++version,
                "topic1",
                List.of(column(1, "id", ValueKind.INTEGER), column(2, "b", ValueKind.TEXT)),
                List.of("id"),
                List.of(indexes),
                Collation.LOCALE);
    }

    private static Column column(int attnum, String name, ValueKind kind) {
        return new Column(attnum, name, "some type", kind, false, Generated.NO, null, TypeMeaning.of("some type"));
    }

    private List<String> visibleNames() {
        return Sqlite.texts(connection, "SELECT replica_name FROM _warung_catalog WHERE visible");
    }

    private List<String> columns(String table) {
        return Sqlite.texts(
                connection,
                "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || pk FROM pragma_table_info('" + table
                        + "')");
    }

    private List<String> indexes() {
        return Stream.of(Sqlite.texts(
                        connection,
                        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL ORDER BY name"))
                .flatMap(List::stream)
                .toList();
    }
}
