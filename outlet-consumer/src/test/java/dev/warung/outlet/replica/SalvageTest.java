package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.wire.OutletRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes are carried out of files that are damaged in one place or another. */
class SalvageTest {

    private static final UUID OWNER = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    @TempDir
    Path directory;

    private Path file;
    private List<UploadGroup> sent;
    private UUID sender;

    @BeforeEach
    void write() throws SQLException {
        file = directory.resolve("outlet.db");
        try (WritesFixture outlet = WritesFixture.create(file)) {
            outlet.hold(WritesFixture.STOK_NUMBER, "kopi", "Kopi", 10L, "5000.00");
            outlet.commit();
            sender = outlet.outbox().beginSession().file().file();
            outlet.app(
                    "INSERT INTO transaksi (catatan) VALUES ('a')",
                    "INSERT INTO item SELECT id, 1, 'kopi' FROM transaksi",
                    "UPDATE stok SET jumlah = 9");
            outlet.capture();
            sent = outlet.send();
            outlet.app("INSERT INTO transaksi (catatan) VALUES ('b')");
        }
    }

    @Test
    void everythingIsCarriedThoughATableOfTheServerIsDestroyed() throws Exception {
        destroyTable("stok");

        assertThat(Salvage.prepare(file, OWNER, "toko-1")).isEqualTo(new Salvage.Result(4, true));
        setAside();

        try (OutletReplica replica = OutletReplica.open(file, OutletReplica.Examination.THOROUGH)) {
            assertThat(replica.owner()).contains(OWNER);
            replica.record(new OutletRecord(
                    OWNER.toString(), "toko-1", "Toko", Map.of(), true, 1, List.of(), WritesFixture.WRITABLE));
            replica.commit();
            Outbox outbox = replica.outbox();
            assertThat(outbox.beginSession().file().file()).isEqualTo(sender);
            outbox.sendAgain(Long.MAX_VALUE);
            List<UploadGroup> again = sendAll(outbox);
            assertThat(again.subList(0, sent.size())).isEqualTo(sent);
            assertThat(again.get(sent.size()).ops().get(0).row().get("catatan")).isEqualTo("b");
            assertThat(Sqlite.number(connect(), "SELECT count(*) FROM _warung_ids"))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatTheJournalHoldsOfADestroyedTableIsToldOf() throws Exception {
        destroyTable("transaksi");

        assertThat(Salvage.prepare(file, OWNER, "toko-1")).isEqualTo(new Salvage.Result(3, false));
    }

    @Test
    void writesBeforeAndAfterADestroyedPageAreCarried() throws Exception {
        try (Connection app = connect()) {
            Sqlite.execute(
                    app,
                    "PRAGMA busy_timeout=5000",
                    "WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 300)"
                            + " INSERT INTO _warung_ops SELECT seq + 10 * value, '018f0000-0000-7000-8000-' || format('%012d', value), grp, tbl,"
                            + " row_key, kind, key, before, after, at_ms, state, open, fresh, upload, sent_at_ms, settled_at_ms, result,"
                            + " reason_code, reason FROM _warung_ops, n WHERE kind = 'update'",
                    "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        destroyPage(
                "SELECT max(pageno) FROM dbstat WHERE name = '_warung_ops' AND pagetype = 'leaf' AND pageno < (SELECT max(pageno)"
                        + " FROM dbstat WHERE name = '_warung_ops')");

        Salvage.Result result = Salvage.prepare(file, OWNER, "toko-1");
        assertThat(result.isWhole()).isFalse();
        assertThat(result.ops()).isBetween(200, 303);
    }

    @Test
    void nothingIsCarriedFromAFileOfAnotherOutletOrFromNone() throws IOException {
        assertThat(Salvage.prepare(file, UUID.randomUUID(), "lain").ops()).isZero();
        setAside();
        assertThat(file).doesNotExist();
        assertThat(Salvage.prepare(file, OWNER, "toko-1")).isEqualTo(new Salvage.Result(0, true));

        Files.writeString(file, "no database ".repeat(1000), StandardCharsets.UTF_8);
        assertThat(Salvage.prepare(file, OWNER, "toko-1")).isEqualTo(new Salvage.Result(0, false));
    }

    @Test
    void whatWasPreparedTakesThePlaceAfterADeathInBetween() throws Exception {
        destroyTable("stok");
        Salvage.prepare(file, OWNER, "toko-1");
        Salvage.complete(file);
        assertThat(ReplicaFiles.beside(file, ".carried")).exists();
        ReplicaFiles.setAside(file);

        Salvage.complete(file);
        assertThat(Sqlite.number(connect(), "SELECT count(*) FROM _warung_ops")).isEqualTo(4);
    }

    private void setAside() {
        ReplicaFiles.setAside(file);
        Salvage.complete(file);
    }

    private static List<UploadGroup> sendAll(Outbox outbox) {
        List<UploadGroup> groups = new ArrayList<>();
        Optional<Outbox.Parcel> parcel = outbox.next(1);
        while (parcel.isPresent()) {
            groups.addAll(parcel.get().groups());
            parcel = outbox.next(1);
        }
        return groups;
    }

    private void destroyTable(String name) throws Exception {
        destroyPage("SELECT rootpage FROM sqlite_master WHERE name = '" + name + "'");
    }

    private void destroyPage(String query) throws Exception {
        long page;
        long size;
        try (Connection app = connect()) {
            Sqlite.execute(app, "PRAGMA wal_checkpoint(TRUNCATE)");
            page = Sqlite.number(app, query);
            size = Sqlite.number(app, "PRAGMA page_size");
        }
        assertThat(page).isGreaterThan(1);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek((page - 1) * size);
            raw.write("overwritten ".repeat((int) size / 12).getBytes(StandardCharsets.UTF_8));
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
