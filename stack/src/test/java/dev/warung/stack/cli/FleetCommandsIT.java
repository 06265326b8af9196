package dev.warung.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.capture.source.SetupOptions;
import dev.warung.capture.source.SourceConnections;
import dev.warung.capture.source.SourceSetup;
import dev.warung.capture.source.TablePatterns;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.stack.retail.RetailSchema;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FleetCommandsIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private static final String SHAPES = """
            shapes:
              catalog:
                tables: { produk: {columns: [id, nama]} }
              branch:
                parameters: [branch_id]
                tables:
                  orders: { where: "branch_id = :branch_id and total > 0" }
                  items: { where: "order_id in (select id from orders where branch_id = :branch_id)" }
                writable: [orders]
            """;

    private final Database database = POSTGRES.createDatabase();

    @TempDir
    private Path directory;

    private String out = "";
    private String err = "";

    @BeforeEach
    void setUp() {
        database.execute(
                "create table produk (id int primary key, nama text, biaya numeric)",
                "create table orders (id bigint primary key, branch_id int, total numeric(12,2), at timestamptz)",
                "create table items (order_id bigint, line smallint, paid boolean, primary key (order_id, line))",
                "create table log (line text)");
        setUpCapture();
    }

    private void setUpCapture() {
        SourceSetup.run(
                new SourceConnections(PostgresUrl.parse(database.jdbcUrl())),
                new SetupOptions("warung", TablePatterns.ALL, Optional.empty()));
    }

    @Test
    void applyWritesRowsOnceAndTellsWhatChanged() throws IOException {
        assertThat(shapes("check", SHAPES)).isZero();
        assertThat(database.query("select name from warung.shapes")).isEmpty();

        assertThat(shapes("apply", SHAPES)).isZero();
        assertThat(out).containsSubsequence("branch", "new", "catalog", "new");
        String applied = database.value("select applied_at from warung.shapes where name = 'branch'");

        assertThat(shapes("apply", SHAPES.replace("nama]", "nama, biaya]"))).isZero();
        assertThat(out).containsSubsequence("branch", "unchanged", "catalog", "changed");
        assertThat(database.value("select applied_at from warung.shapes where name = 'branch'"))
                .isEqualTo(applied);
        assertThat(database.query("select definition ->> 'writable' from warung.shapes where name = 'branch'"))
                .containsExactly("[\"public.orders\"]");
    }

    @Test
    void shapesThatAreNotInTheFileGoOnlyWhenAsked() throws IOException {
        shapes("apply", SHAPES);
        String less = SHAPES.substring(0, SHAPES.indexOf("  branch:"));

        assertThat(shapes("apply", less)).isZero();
        assertThat(out).contains("not in the file, stays");
        assertThat(database.query("select name from warung.shapes order by 1")).containsExactly("branch", "catalog");

        assertThat(shapes("apply", less, "--prune")).isZero();
        assertThat(database.query("select name from warung.shapes")).containsExactly("catalog");
    }

    @Test
    void howTablesTakeWritesIsAppliedWithWhatPostgresqlKnowsOfThem() throws IOException {
        database.execute(
                "create table sales (id bigint generated always as identity primary key, branch_id int, total int,"
                        + " twice int generated always as (total * 2) stored, at timestamptz)",
                "create table lines (id uuid primary key, sale_id bigint references sales (id), sales_id bigint, qty int)",
                "select warung.poll()");
        String shapes = """
                shapes:
                  till:
                    parameters: [branch_id]
                    tables:
                      sales: { where: "branch_id = :branch_id" }
                      lines: { where: "sale_id in (select id from sales where branch_id = :branch_id)" }
                    writable: [sales, lines]
                writes:
                  sales: { conflict: manual, updated_at: at, rules: { positive: { check: "total >= 0", message: "No refunds" } } }
                """;
        assertThat(shapes("check", shapes)).isEqualTo(1);
        assertThat(err)
                .contains("shape writes, table public.lines: column sales_id has no foreign key to public.sales");
        assertThat(shapes("apply", shapes + "  lines: { unchecked: [sales_id] }\n"))
                .as(err)
                .isZero();
        assertThat(out).contains("writes of public.sales");
        assertThat(database.query(
                        "select definition ->> 'assigned', definition ->> 'generated', definition ->> 'conflict',"
                                + " definition #>> '{rules,positive,check}', definition #>> '{references,0,table}'"
                                + " from warung.writes order by table_name desc"))
                .containsExactly("id|[\"twice\"]|manual|total >= 0|null", "null|[]|newest_wins|null|public.sales");
        assertThat(shapes("apply", shapes.replace("writable: [sales, lines]", "writable: [sales]")))
                .isZero();
        assertThat(database.query("select table_name from warung.writes")).containsExactly("public.sales");

        assertThat(shapes(
                        "check",
                        (shapes + "  lines: { unchecked: [sales_id, other] }\n")
                                        .replace("updated_at: at", "updated_at: branch_id, delta: [id, nothing]")
                                        .replace("total >= 0", "totl >= 0")
                                + "  produk: { conflict: later, deltas: [] }\n"))
                .isEqualTo(1);
        assertThat(err)
                .contains(
                        "shape writes, table public.sales: delta column id must be a number that outlets write",
                        "shape writes, table public.sales: delta names the unknown column nothing",
                        "shape writes, table public.lines: unchecked names the unknown column other",
                        "shape writes, table public.sales: updated_at column branch_id must be a timestamp, not integer",
                        "shape writes, table public.sales: rule positive: ERROR: column \"totl\" does not exist",
                        "shape writes, table public.produk: conflict must be one of newest_wins, server_wins, client_wins,"
                                + " manual, not later",
                        "shape writes, table public.produk: it has an unknown field deltas",
                        "shape writes, table public.produk: no shape lists it as writable");
    }

    @Test
    void allProblemsAreToldAndNothingIsWritten() throws IOException {
        shapes("apply", "shapes: {old: {tables: {produk: {columns: [id]}}}}");

        assertThat(shapes("apply", """
                shapes:
                  catalog: {tables: {produk: {columns: [nama]}, log: {}, nothing: {}}}
                  branch: {parameters: [b], tables: {orders: {where: "branch_id = :branch and total = 'x'"}}}
                """)).isEqualTo(1);

        assertThat(err)
                .contains(
                        "shape catalog, table public.produk: its columns lack the key: id",
                        "shape catalog, table public.log: there is no captured table of this name",
                        "shape catalog, table public.nothing: there is no captured table of this name",
                        "shape branch, table public.orders: where at character 13: unknown parameter branch; the shape"
                                + " declares [b]",
                        "shape branch, table public.orders: where at character 33: invalid input syntax for type"
                                + " numeric: \"x\"",
                        "shape old, table public.produk: shape catalog has other columns of it",
                        "nothing was changed");
        assertThat(database.query("select name from warung.shapes")).containsExactly("old");
    }

    @Test
    void applyWaitsForTablesThatCaptureTakesInLater() throws Exception {
        database.execute("drop table items");
        CompletableFuture<Void> later = CompletableFuture.runAsync(() -> {
            await().until(this::isWaitedFor);
            database.execute(
                    "create table items (order_id bigint, line smallint, paid boolean, primary key (order_id, line))");
            setUpCapture();
        });

        assertThat(shapes("apply", SHAPES, "--wait", "60s")).as(err).isZero();

        later.get();
        assertThat(database.query("select name from warung.shapes order by 1")).containsExactly("branch", "catalog");
    }

    /** A try that came too early was rolled back. */
    private boolean isWaitedFor() {
        return !database.query("select 1 from pg_stat_activity where datname = current_database()"
                        + " and state = 'idle' and query = 'ROLLBACK'")
                .isEmpty();
    }

    @Test
    void applyWaitsForNothingButTables() throws IOException {
        assertThat(shapes("apply", SHAPES.replace("total > 0", "total >"), "--wait", "1h"))
                .isEqualTo(1);
        assertThat(shapes("apply", SHAPES.replace("produk", "nothing"), "--wait", "300ms"))
                .isEqualTo(1);
        assertThat(err).contains("there is no captured table of this name");
    }

    @Test
    void anOutletThatIsThereStaysAsItIsWhenOnlyMissingOnesAreAdded() throws IOException {
        Path file = Files.writeString(directory.resolve("kota-7.json"), "an older one");
        outlets("add", "kota-7", "--set", "branch_id=7");
        String id = database.value("select id from warung.outlets");

        assertThat(outlets("add", "kota-7", "--if-missing", "--set", "branch_id=8", "--enrolment", file.toString()))
                .as(err)
                .isZero();

        assertThat(database.query("select id, attributes ->> 'branch_id' from warung.outlets"))
                .containsExactly(id + "|7");
        assertThat(EnrolmentCodec.decode(Files.readString(file)).outlet()).hasToString(id);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(outlets("add", "kota-8", "--if-missing")).as(err).isZero();
        assertThat(database.query("select code from warung.outlets order by 1")).containsExactly("kota-7", "kota-8");
    }

    @Test
    void anOutletIsAddedWithAnEnrolmentThatOnlyItsOwnerReads() throws IOException {
        shapes("apply", SHAPES);
        Path credentials = Files.writeString(directory.resolve("client.properties"), "security.protocol=SASL_SSL\n");
        Path file = directory.resolve("kota-7.json");

        String add = "kota-7 --name KotaTujuh --set branch_id=007 --outlet-kafka kafka.example:9094 --credentials "
                + credentials + " --enrolment " + file;
        assertThat(outlets("add", add.split(" "))).isZero();

        assertThat(err).contains("it holds [branch(7), catalog, sync(kota-7)]");
        Enrolment enrolment = EnrolmentCodec.decode(Files.readString(file));
        assertThat(enrolment.code()).isEqualTo("kota-7");
        assertThat(enrolment.kafka()).isEqualTo("kafka.example:9094");
        assertThat(enrolment.credentials()).containsEntry("security.protocol", "SASL_SSL");
        assertThat(enrolment.outlet().toString()).isEqualTo(database.value("select id from warung.outlets"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(outlets("add", "kota-7")).isEqualTo(1);
        assertThat(err).contains("There is an outlet kota-7 already");
        assertThat(outlets("enrol", "kota-7")).isZero();
        assertThat(EnrolmentCodec.decode(out).kafka()).isEqualTo("127.0.0.1:9");
    }

    @Test
    void attributesThatNoClauseCanTakeAreRefused() throws IOException {
        shapes("apply", SHAPES);

        assertThat(outlets("add", "kota-7", "--set", "branch_id=tujuh")).isEqualTo(1);
        assertThat(err).contains("invalid input syntax for type integer").contains("Nothing was added");
        assertThat(database.query("select code from warung.outlets")).isEmpty();

        outlets("add", "kota-7", "--attributes", "{\"branch_id\": 7}");
        assertThat(outlets("set", "kota-7", "branch_id=x")).isEqualTo(1);
        assertThat(database.value("select attributes ->> 'branch_id' from warung.outlets"))
                .isEqualTo("7");
        assertThat(outlets("set", "kota-7", "branch_id=8", "kota=Bogor")).isZero();
        assertThat(out).contains("branch(8)");
        assertThat(outlets("set", "kota-7", "kota=")).isZero();
        assertThat(database.value("select attributes from warung.outlets")).isEqualTo("{\"branch_id\": \"8\"}");
    }

    @Test
    void anOutletIsSwitchedOffAndOnSyncedAnewAndRemoved() throws IOException {
        outlets("add", "kota-7");

        assertThat(outlets("disable", "kota-7")).isZero();
        assertThat(database.value("select enabled from warung.outlets")).isEqualTo("f");
        assertThat(outlets("enable", "kota-7")).isZero();
        assertThat(outlets("resync", "kota-7")).isZero();
        assertThat(database.query("select enabled, generation from warung.outlets"))
                .containsExactly("t|2");
        assertThat(outlets("remove", "kota-7")).isZero();
        assertThat(database.query("select code from warung.outlets")).isEmpty();
        assertThat(outlets("remove", "kota-7")).isEqualTo(1);
        assertThat(err).contains("There is no outlet kota-7");
    }

    @Test
    void listShowsShapesWithTheirInstancesAndBrokenOnes() throws IOException {
        shapes("apply", SHAPES);
        for (String branch : List.of("7", "8", "8")) {
            outlets("add", "o" + database.value("select count(*) from warung.outlets"), "--set", "branch_id=" + branch);
        }
        database.execute("alter table produk rename column nama to nama_baru");

        assertThat(run("shapes", "list")).isEqualTo(1);

        assertThat(out).containsPattern("branch +branch_id +2 +3 .*orders, items");
        assertThat(out).containsPattern("catalog .*BROKEN");
        assertThat(out).contains("shape catalog, table public.produk: unknown column nama");
    }

    @Test
    void explainSaysWhoHoldsARowAndWhichConditionExcludesIt() throws IOException {
        shapes("apply", SHAPES);
        outlets("add", "kota-7", "--set", "branch_id=7");
        outlets("add", "kota-8", "--set", "branch_id=8");
        database.execute(
                "insert into produk values (1, 'Kopi', 5)",
                "insert into orders values (42, 7, 10, now()), (43, 7, 0, now()), (44, 9, 5, now()), (45, null, 5, now())",
                "insert into items values (42, 1, true), (44, 1, null)");

        assertThat(explain("orders", "42"))
                .contains("branch(7) holds it: outlet kota-7")
                .doesNotContain("kota-8");
        assertThat(explain("orders", "{\"id\":43}"))
                .contains("branch(7) does not hold it", "total > 0 is false: total is '0.00'")
                .doesNotContain("branch_id = :branch_id is");
        assertThat(explain("orders", "44")).contains("branch(9) holds it: no outlet has this instance");
        assertThat(explain("orders", "45"))
                .contains("branch_id = :branch_id is unknown: branch_id is NULL, :branch_id is '7'");
        assertThat(explain("items", "42,1")).contains("branch(7) holds it: outlet kota-7");
        assertThat(explain("items 44,1", "--outlet", "kota-8")).contains("branch(8) does not hold it", "is false");
        assertThat(explain("produk", "1")).contains("catalog holds it: outlets kota-7, kota-8");
        assertThat(run("shapes", "explain", "orders", "99")).isEqualTo(1);
        assertThat(err).contains("no row orders 99");
        assertThat(run("shapes", "explain", "items", "42")).isEqualTo(1);
        assertThat(err).contains("order_id, line");
    }

    @Test
    void theDemosShapesFitTheDemosTables() throws Exception {
        database.execute("drop table produk, orders, items, log");
        try (Connection connection = database.connect()) {
            RetailSchema.createIfMissing(connection);
        }
        outlets("add", "jkt-1", "--set", "outlet_id=1");

        assertThat(run("shapes", "apply", "src/main/resources/dev/warung/stack/retail/shapes.yaml"))
                .as(err)
                .isZero();
        assertThat(run("shapes", "list")).as(out).isZero();
        assertThat(out).containsPattern("katalog +- +1 +1 ").containsPattern("toko +outlet_id +1 +1 ");
        String id = database.value("select min(id::text) from pegawai where outlet_id = 1");
        assertThat(explain("pegawai", id)).contains("toko(1) holds it: outlet jkt-1");
    }

    @Test
    void withoutTheTablesItSaysWhoMakesThem() throws IOException {
        database.execute("drop schema warung cascade");

        assertThat(shapes("check", SHAPES)).isEqualTo(1);
        assertThat(err).contains("Capture makes them");
    }

    private String explain(String... arguments) {
        List<String> all = new ArrayList<>(List.of("shapes", "explain"));
        all.addAll(List.of(arguments));
        assertThat(run(all.toArray(String[]::new))).as(err).isZero();
        return out;
    }

    private int shapes(String command, String yaml, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("shapes.yaml"), yaml);
        List<String> all = new ArrayList<>(List.of("shapes", command, file.toString()));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private int outlets(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("outlets", command));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--kafka", "127.0.0.1:9"));
        return run(all.toArray(String[]::new));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--postgres", database.jdbcUrl().substring("jdbc:".length())));
        StringWriter printed = new StringWriter();
        StringWriter failed = new StringWriter();
        CommandLine line = WarungMain.commandLine();
        line.setOut(new PrintWriter(printed, true));
        line.setErr(new PrintWriter(failed, true));
        int code = line.execute(all.toArray(String[]::new));
        out = printed.toString();
        err = failed.toString();
        return code;
    }
}
