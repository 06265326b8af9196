package dev.warung.stack.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.WritableTable;
import dev.warung.intake.rows.ConflictDesk;
import dev.warung.testkit.pipeline.Link;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tills that go offline, with the whole pipeline as processes: first the stories of two of them, then five that sell while everything around
 * them is killed.
 *
 * <p>Replay the kills with {@code -Dseed=N}; {@code -Doutlet.kills=N} sets their number.
 */
@Tag("kill")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(3600)
@SuppressWarnings("NullAway.Init") // made before all tests
class OutletWritesIT {

    private static final long SEED = 20_261_122L;
    /** The branches of the outlets whose stories are told here, after those of {@link KillRun}. */
    private static final int BRANCH = 3;

    @TempDir
    private static Path directory;

    private static Branches branches;
    private static Device one;
    private static Device two;

    @BeforeAll
    static void start() throws SQLException {
        branches = Branches.start(directory, List.of(1, 2, 1, 2, 1, BRANCH, BRANCH));
        one = branches.device(KillRun.OUTLETS);
        two = branches.device(KillRun.OUTLETS + 1);
    }

    @AfterAll
    static void close() {
        branches.close();
    }

    @Test
    @Order(1)
    void aSaleMadeOfflineIsSentWhenTheLinkIsBackAndGetsItsRealNumber() throws Exception {
        branches.outlet(KillRun.OUTLETS).role().process().kill();
        one.link().become(Link.State.REFUSED);
        one.write(
                "insert into transaksi (cabang_id, nomor, total) values (3, 'A-1', 30)",
                "insert into transaksi_item (cabang_id, transaksi_id, produk_id, qty, harga)"
                        + " select 3, id, 1, 3, 10 from transaksi where nomor = 'A-1'");
        branches.startOutlet(KillRun.OUTLETS);
        one.await("select status from _warung_writes", "pending,pending");
        assertThat(Long.parseLong(one.read("select id from transaksi")))
                .isGreaterThanOrEqualTo(WritableTable.LOCAL_IDS_FROM);

        try (Connection busy = branches.pipeline().connect();
                Statement statement = busy.createStatement()) {
            busy.setAutoCommit(false);
            statement.execute("select * from warung.outlets for update");
            one.link().become(Link.State.WELL);
            one.await("select status from _warung_writes", "uploaded,uploaded");
            assertThat(two.read("select count(*) from transaksi")).isEqualTo("0");
        }

        one.await("select status from _warung_writes", "synced,synced");
        String number = branches.pipeline().query("select id from transaksi where nomor = 'A-1' and total = 30");
        assertThat(Long.parseLong(number)).isLessThan(WritableTable.LOCAL_IDS_FROM);
        for (Device device : List.of(one, two)) {
            device.await(
                    "select t.id || ' ' || i.qty from transaksi t join transaksi_item i on i.transaksi_id = t.id",
                    number + " 3");
        }
        assertThat(one.read("select server_id from \"warung.id_map\" where table_name = 'public.transaksi'"))
                .isEqualTo(number);
    }

    @Test
    @Order(2)
    void whereTwoTillsChangeOneOrderSomebodyDecides() throws Exception {
        two.link().become(Link.State.SILENT);
        one.write("update pesanan set isi = 'meja 4' where id = 301");
        two.write("update pesanan set isi = 'meja 7' where id = 301");
        one.awaitWrites("meja 4", "synced applied");
        assertThat(two.read("select isi from pesanan where id = 301")).isEqualTo("meja 7");

        two.link().become(Link.State.WELL);
        two.awaitWrites("meja 7", "conflict");
        two.await("select isi from pesanan where id = 301", "meja 4");
        assertThat(two.read(
                        "select state || ' ' || json_extract(client, '$.isi') || ' ' || json_extract(server, '$.isi')"
                                + " from \"warung.conflicts\""))
                .isEqualTo("open meja 7 meja 4");

        try (ConflictDesk desk = ConflictDesk.open(
                PostgresUrl.parse(branches.pipeline().postgres().uri("postgres")))) {
            ConflictDesk.Entry open = desk.list(ConflictDesk.Filter.of(Optional.of("toko-7"), false, 10))
                    .get(0);
            desk.resolve(open.id(), new ConflictDesk.Choice.Merged(Till.row("isi", "meja 4 dan 7")), "ani");
        }
        for (Device device : List.of(one, two)) {
            device.await("select isi from pesanan where id = 301", "meja 4 dan 7");
        }
        two.await(
                "select state || ' ' || resolution || ' ' || resolved_by from \"warung.conflicts\"",
                "resolved merged ani");
    }

    @Test
    @Order(3)
    void afterTheFirstSyncFiveChangesOnTheServerBringFiveRows() throws Exception {
        String records = "select records from _warung_status where shape = 'katalog'";
        assertThat(one.read("select count(*) from produk")).isEqualTo("1000");
        one.write(
                "create table jejak (id int)",
                "create trigger jejak_baru after insert on produk begin insert into jejak values (new.id); end",
                "create trigger jejak_ubah after update on produk begin insert into jejak values (new.id); end",
                "create trigger jejak_hapus after delete on produk begin insert into jejak values (old.id); end");
        long before = Long.parseLong(one.read(records));

        branches.pipeline().execute("update produk set harga = 1 where id in (100, 200, 300)");
        branches.pipeline().execute("insert into produk values (1001, 'baru', 5)");
        branches.pipeline().execute("delete from produk where id = 400");

        one.await("select group_concat(id) from (select id from jejak order by id)", "100,200,300,400,1001");
        // Nothing else of the log was read: beside the rows the ends of three transactions, and Kafka's own marks of
        // them.
        assertThat(Long.parseLong(one.read(records)) - before).isLessThanOrEqualTo(5 + 3 + 3);
        assertThat(one.read("select count(*) from produk")).isEqualTo("1000");
    }

    @Test
    @Order(4)
    void theLaterOfTwoNotesWinsEverywhereAlsoWhenItArrivesFirst() throws Exception {
        one.link().become(Link.State.SILENT);
        one.write("update catatan set isi = 'jam 10:00' where id = 301");
        two.write("update catatan set isi = 'jam 10:01' where id = 301");
        two.awaitWrites("jam 10:01", "synced applied");

        one.link().become(Link.State.WELL);
        one.awaitWrites("jam 10:00", "synced superseded");
        for (Device device : List.of(one, two)) {
            device.await("select isi from catatan where id = 301", "jam 10:01");
        }
        assertThat(branches.pipeline().query("select isi from catatan where id = 301"))
                .isEqualTo("jam 10:01");
    }

    @Test
    @Order(5)
    void whatTheServerRefusesSaysWhyAndHoldsUpNothingElse() throws Exception {
        one.write(
                "insert into transaksi_item (cabang_id, transaksi_id, produk_id, qty, harga) values (3, 99999, 1, 1, 1)");
        one.write("insert into transaksi (cabang_id, nomor, total) values (3, 'A-1', 0)");
        one.write("insert into nota (id, cabang_id, jumlah) values ('0193aaaa-0000-7000-8000-000000000001', 3, -1)");
        one.write(
                "insert into nota (id, cabang_id, isi) values ('0193aaaa-0000-7000-8000-000000000002', 3, 'a' || char(0))");
        one.write(
                "insert into nota (id, cabang_id, keadaan) values ('0193aaaa-0000-7000-8000-000000000003', 3, 'hilang')");
        one.write("insert into nota (id, cabang_id) values ('0193aaaa-0000-7000-8000-000000000004', 1)");
        one.write(
                "insert into nota (id, cabang_id, isi) values ('0193aaaa-0000-7000-8000-000000000005', 3, hex(zeroblob(1300000)))");
        one.write("insert into nota (id, cabang_id, isi) values ('0193aaaa-0000-7000-8000-000000000006', 3, 'baik')");

        one.awaitWrites("000000000006", "synced applied");
        one.await("select count(*) from _warung_writes where status in ('pending', 'uploaded')", "0");
        assertThat(one.read("select reason from _warung_writes where status = 'failed' order by seq")
                        .split("(?<=\\.),", -1))
                .containsExactly(
                        "The row that this row of transaksi_item belongs to is not there (transaksi_item_transaksi_id_fkey).",
                        "Another row of transaksi has the same value already (transaksi_nomor_key).",
                        "A value of nota is not allowed (nota_jumlah_check).",
                        "A text of nota holds a character that cannot be stored.",
                        "A value of nota has a form that the server does not accept.",
                        "This row of nota does not belong to this outlet.",
                        "A row of nota is too large.");
        for (Device device : List.of(one, two)) {
            device.await("select isi from nota", "baik");
        }
        assertThat(one.read("select count(*) from transaksi_item where transaksi_id = 99999"))
                .isEqualTo("0");
    }

    @Test
    @Order(6)
    void nothingIsLostAndNothingIsThereTwiceWhateverDies() throws Exception {
        new KillRun(branches, Long.getLong("seed", SEED)).run(Integer.getInteger("outlet.kills", 3));
    }
}
