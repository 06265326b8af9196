package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application writes becomes ops, and lies over the server's rows until the server has answered. */
class LocalWritesTest {

    private static final String STOK = "SELECT kode, nama, jumlah, harga FROM stok ORDER BY kode";

    @TempDir
    Path directory;

    private WritesFixture outlet;

    @BeforeEach
    void open() throws SQLException {
        outlet = WritesFixture.create(directory.resolve("outlet.db"));
        outlet.hold(0, "kopi", "Kopi", 10L, "5000.00");
        outlet.hold(0, "teh", "Teh", 20L, "3000.00");
        outlet.commit();
    }

    @AfterEach
    void close() throws SQLException {
        outlet.close();
    }

    @Test
    void rowsOfTheServerAreNoWritesOfTheApplication() {
        assertThat(outlet.capture()).isEmpty();
        assertThat(outlet.query("SELECT count(*) FROM _warung_journal")).containsExactly(List.of(0L));
    }

    @Test
    void insertUpdateAndDeleteBecomeOpsWithTheRowBeforeAndAfter() {
        outlet.app(
                "INSERT INTO stok VALUES ('gula', 'Gula', 5, '1.5')",
                "UPDATE stok SET jumlah = jumlah - 2 WHERE kode = 'kopi'",
                "DELETE FROM stok WHERE kode = 'teh'");

        assertThat(outlet.capture())
                .extracting(UploadOp::kind, UploadOp::before, UploadOp::after)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                UploadOp.Kind.INSERT, Optional.empty(), stok("gula", "Gula", 5L, "1.5")),
                        org.assertj.core.groups.Tuple.tuple(
                                UploadOp.Kind.UPDATE,
                                stok("kopi", "Kopi", 10L, "5000.00"),
                                stok("kopi", "Kopi", 8L, "5000.00")),
                        org.assertj.core.groups.Tuple.tuple(
                                UploadOp.Kind.DELETE, stok("teh", "Teh", 20L, "3000.00"), Optional.empty()));
        assertThat(outlet.open().get(0).id().version()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OFF", "ON"})
    void aReplacedRowIsAnUpdateWhateverTheConnectionIsSetTo(String recursiveTriggers) {
        outlet.app(
                "PRAGMA recursive_triggers=" + recursiveTriggers,
                "REPLACE INTO stok VALUES ('kopi', 'Kopi Baru', 10, '5000.00')",
                "INSERT INTO stok VALUES ('teh', 'x', 1, NULL) ON CONFLICT (kode) DO UPDATE SET nama = 'Teh Baru'",
                "INSERT OR IGNORE INTO stok VALUES ('teh', 'y', 2, NULL)",
                "UPDATE stok SET nama = nama");

        assertThat(kinds(outlet.capture())).containsExactly("UPDATE kopi", "UPDATE teh");
        assertThat(outlet.open().get(1).after()).isEqualTo(stok("teh", "Teh Baru", 20L, "3000.00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OFF", "ON"})
    void aRowThatGivesWayToAnotherOneIsADelete(String recursiveTriggers) {
        outlet.app("CREATE UNIQUE INDEX nama ON stok (nama)", "PRAGMA recursive_triggers=" + recursiveTriggers);
        outlet.outbox().maintain();

        outlet.app("REPLACE INTO stok VALUES ('kopi-2', 'Kopi', 1, NULL)");
        assertThat(kinds(outlet.capture())).containsExactly("DELETE kopi", "INSERT kopi-2");

        outlet.app("UPDATE OR REPLACE stok SET kode = 'teh' WHERE kode = 'kopi-2'");
        assertThat(kinds(outlet.capture()).subList(2, 4)).containsExactly("DELETE kopi-2", "UPDATE teh");
        assertThat(outlet.byKey(STOK).keySet()).containsExactly("teh");
    }

    @Test
    void aChangeOfTheKeyIsADeleteAndAnInsertOfOneGroup() {
        outlet.app("UPDATE stok SET kode = 'kopi-3' WHERE kode = 'kopi'");

        assertThat(kinds(outlet.capture())).containsExactly("DELETE kopi", "INSERT kopi-3");
        List<UploadGroup> groups = outlet.send();
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).ops()).hasSize(2);
    }

    @Test
    void aRowThatTakesTheKeyOfOneThatHasLeftIsAnotherRow() {
        outlet.app("BEGIN", "UPDATE stok SET kode = 'kopi-2' WHERE kode = 'kopi'");
        outlet.app("INSERT INTO stok VALUES ('kopi', 'Lain', 1, NULL)", "COMMIT");

        assertThat(kinds(outlet.capture())).containsExactly("DELETE kopi", "INSERT kopi-2", "INSERT kopi");
    }

    @Test
    void aTransactionThatIsRolledBackLeavesNothing() {
        outlet.app("BEGIN", "DELETE FROM stok", "ROLLBACK");

        assertThat(outlet.capture()).isEmpty();
    }

    @Test
    void whatTriggersOfTheApplicationDoIsCapturedInAnyOrder() {
        outlet.app(
                "CREATE TRIGGER ringkas AFTER INSERT ON transaksi BEGIN UPDATE transaksi SET catatan = 'baru' WHERE id = NEW.id;"
                        + " UPDATE stok SET jumlah = jumlah - 1 WHERE kode = 'kopi'; END",
                "CREATE TRIGGER hapus AFTER DELETE ON transaksi BEGIN DELETE FROM item WHERE transaksi_id = OLD.id; END",
                "INSERT INTO transaksi (catatan) VALUES ('lama')");
        List<UploadOp> ops = outlet.capture();
        assertThat(ops.get(0).kind()).isEqualTo(UploadOp.Kind.INSERT);
        assertThat(ops.get(ops.size() - 1).after()).isEqualTo(stok("kopi", "Kopi", 9L, "5000.00"));
        assertThat(outlet.query("SELECT catatan FROM transaksi")).containsExactly(List.of("baru"));

        outlet.app("INSERT INTO item SELECT id, 1, 'kopi' FROM transaksi");
        int before = outlet.capture().size();
        outlet.app("DELETE FROM transaksi");
        assertThat(outlet.capture().subList(before, before + 2))
                .extracting(op -> op.table().name() + " " + op.kind())
                .containsExactlyInAnyOrder("transaksi DELETE", "item DELETE");
    }

    @Test
    void everyValueTravelsAsItIs() throws SQLException {
        Object[][] rows = {
            {Long.MAX_VALUE, "a\"b\\c'd\n\u0000e\u20AC\uD83D\uDE00", 0.1 + 0.2, new byte[] {0, -1, 39}, 1L},
            {Long.MIN_VALUE, "", Double.POSITIVE_INFINITY, new byte[0], 0L},
            {-1L, null, Double.NEGATIVE_INFINITY, null, null},
            {0L, "[1,2]", Double.MIN_VALUE, null, 1L},
            {1L, "null", "NaN", null, 1L},
            {2L, "x", -0.0, null, 1L},
            {3L, "x", 5L, null, 1L},
            {4L, "x", Double.MAX_VALUE, null, 1L}
        };
        for (Object[] row : rows) {
            try (PreparedStatement insert =
                    outlet.connectionOfTests().prepareStatement("REPLACE INTO nilai VALUES (?, ?, ?, ?, ?)")) {
                for (int i = 0; i < row.length; i++) {
                    insert.setObject(i + 1, row[i]);
                }
                insert.execute();
            }
        }
        outlet.app("UPDATE nilai SET teks = coalesce(teks, '') || '!'");

        List<UploadOp> ops = outlet.capture();
        assertThat(ops).hasSize(16);
        assertThat(ops.stream()
                        .limit(8)
                        .map(op -> op.after().orElseThrow().values().values().stream()
                                .toList()))
                .containsExactly(
                        Arrays.asList(Long.MAX_VALUE, rows[0][1], 0.1 + 0.2, "\\x00ff27", true),
                        Arrays.asList(Long.MIN_VALUE, "", "Infinity", "\\x", false),
                        Arrays.asList(-1L, null, "-Infinity", null, null),
                        Arrays.asList(0L, "[1,2]", Double.MIN_VALUE, null, true),
                        Arrays.asList(1L, "null", "NaN", null, true),
                        Arrays.asList(2L, "x", 0.0, null, true),
                        Arrays.asList(3L, "x", 5.0, null, true),
                        Arrays.asList(4L, "x", Double.MAX_VALUE, null, true));
        assertThat(ops.get(8).kind()).isEqualTo(UploadOp.Kind.UPDATE);
    }

    @Test
    void aWriteLiesOverTheServersRowUntilItIsAnswered() {
        outlet.app("UPDATE stok SET nama = 'Kopi Tubruk', jumlah = jumlah - 2 WHERE kode = 'kopi'");
        UploadOp op = outlet.capture().get(0);

        outlet.hold(0, "kopi", "Kopi Luwak", 7L, "6000.00");
        outlet.commit();
        assertThat(outlet.byKey(STOK).get("kopi")).isEqualTo(List.of("kopi", "Kopi Tubruk", 5L, "6000.00"));

        outlet.send();
        outlet.hold(0, "kopi", "Kopi Tubruk", 5L, "6000.00");
        outlet.commit();
        assertThat(outlet.byKey(STOK).get("kopi").get(2))
                .as("the difference is not taken twice")
                .isEqualTo(5L);
        outlet.answer(op, "applied");
        outlet.commit();
        outlet.settle();
        assertThat(outlet.byKey(STOK).get("kopi")).isEqualTo(List.of("kopi", "Kopi Tubruk", 5L, "6000.00"));
        assertThat(outlet.query("SELECT status, result FROM _warung_writes"))
                .containsExactly(List.of("synced", "applied"));
        assertThat(outlet.query("SELECT count(*) FROM _warung_base")).containsExactly(List.of(0L));
    }

    @Test
    void aRefusedWriteIsTakenBackAndSaysWhy() {
        outlet.app("UPDATE stok SET jumlah = -5 WHERE kode = 'kopi'", "INSERT INTO stok VALUES ('x', 'X', 1, NULL)");
        List<UploadOp> ops = outlet.capture();
        outlet.send();
        outlet.hold(4, ops.get(0).id().toString(), "public.stok", "failed", "RULE", "Stok tidak cukup");
        outlet.answer(ops.get(1), "conflict");
        outlet.commit();
        outlet.settle();

        assertThat(outlet.byKey(STOK).keySet()).containsExactly("kopi", "teh");
        assertThat(outlet.byKey(STOK).get("kopi").get(2)).isEqualTo(10L);
        assertThat(outlet.query("SELECT status, reason_code, reason FROM _warung_writes"))
                .containsExactly(List.of("failed", "RULE", "Stok tidak cukup"), Arrays.asList("conflict", null, null));
    }

    @Test
    void aConflictThatSomebodyHasResolvedIsSynced() {
        outlet.app("UPDATE stok SET nama = 'Kopi Tubruk' WHERE kode = 'kopi'");
        UploadOp op = outlet.capture().get(0);
        outlet.send();
        outlet.answer(op, "conflict");
        outlet.commit();
        outlet.settle();
        assertThat(outlet.byKey(STOK).get("kopi").get(1)).isEqualTo("Kopi");

        outlet.answer(op, "applied");
        outlet.hold(0, "kopi", "Kopi Tubruk", 10L, "5000.00");
        outlet.commit();
        outlet.outbox().revise();
        assertThat(outlet.query("SELECT status, result FROM _warung_writes"))
                .containsExactly(List.of("synced", "applied"));
    }

    @Test
    void aDifferenceThatMayHaveArrivedIsNotAddedTwiceAfterANewConnection() {
        outlet.app("UPDATE stok SET jumlah = jumlah - 2 WHERE kode = 'kopi'");
        outlet.capture();
        outlet.send();
        outlet.restart();
        outlet.outbox().sendAgain(Long.MAX_VALUE);
        outlet.hold(0, "kopi", "Kopi", 8L, "5000.00");
        outlet.commit();

        assertThat(outlet.byKey(STOK).get("kopi").get(2)).isEqualTo(8L);
    }

    @Test
    void pendingWritesSurviveARestartAndAReadingAnew() {
        outlet.app(
                "UPDATE stok SET nama = 'Kopi Tubruk' WHERE kode = 'kopi'",
                "DELETE FROM stok WHERE kode = 'teh'",
                "INSERT INTO stok VALUES ('gula', 'Gula', 5, '1.5')");
        outlet.restart();
        outlet.resync(Map.of(
                0,
                List.of(
                        new Object[] {"kopi", "Kopi", 99L, "1.00"},
                        new Object[] {"teh", "Teh", 98L, "1.00"},
                        new Object[] {"susu", "Susu", 97L, "1.00"})));

        assertThat(outlet.query(STOK))
                .containsExactly(
                        List.of("gula", "Gula", 5L, "1.5"),
                        List.of("kopi", "Kopi Tubruk", 99L, "1.00"),
                        List.of("susu", "Susu", 97L, "1.00"));
        outlet.app("UPDATE stok SET jumlah = 1 WHERE kode = 'susu'");
        assertThat(kinds(outlet.capture())).endsWith("UPDATE susu");

        outlet.restart();
        outlet.send();
        outlet.open().forEach(op -> outlet.answer(op, "failed"));
        outlet.commit();
        outlet.settle();
        assertThat(outlet.byKey(STOK).keySet()).containsExactly("kopi", "susu", "teh");
        assertThat(outlet.query("SELECT sum(jumlah) FROM stok")).containsExactly(List.of(294L));
    }

    @Test
    void localIdsBeginAtTwoToThe52AndAreReplacedByTheServersEverywhere() {
        outlet.hold(1, 1L, "lama");
        outlet.commit();
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('jual')");
        long local = (Long) outlet.query("SELECT max(id) FROM transaksi").get(0).get(0);
        assertThat(local).isGreaterThan(WritableTable.LOCAL_IDS_FROM).isLessThan(1L << 53);
        outlet.app(
                "INSERT INTO item VALUES (" + local + ", 1, 'kopi')",
                "INSERT INTO item VALUES (" + local + ", 2, 'teh')");
        List<UploadOp> ops = outlet.capture();
        outlet.send();
        // Not yet sent: a later write of a row whose id will change.
        outlet.app("UPDATE transaksi SET catatan = 'jual 2' WHERE id = " + local);
        outlet.capture();

        outlet.hold(1, 2L, "jual");
        outlet.hold(2, 2L, 1L, "kopi");
        outlet.hold(2, 2L, 2L, "teh");
        outlet.commit();
        assertThat(outlet.query("SELECT id FROM transaksi ORDER BY id"))
                .as("the row is not there twice")
                .containsExactly(List.of(1L), List.of(local));
        assertThat(outlet.query("SELECT count(*) FROM item")).containsExactly(List.of(2L));

        outlet.give(ops.get(0), 2L);
        ops.forEach(op -> outlet.answer(op, "applied"));
        outlet.commit();
        outlet.settle();
        assertThat(outlet.query("SELECT id, catatan FROM transaksi ORDER BY id"))
                .containsExactly(List.of(1L, "lama"), List.of(2L, "jual 2"));
        assertThat(outlet.query("SELECT * FROM item ORDER BY nomor"))
                .containsExactly(List.of(2L, 1L, "kopi"), List.of(2L, 2L, "teh"));
        assertThat(outlet.open()).hasSize(1);

        outlet.send();
        outlet.hold(1, 2L, "jual 2");
        outlet.answer(outlet.open().get(0), "applied");
        outlet.commit();
        outlet.settle();
        assertThat(outlet.query("SELECT id, catatan FROM transaksi ORDER BY id"))
                .containsExactly(List.of(1L, "lama"), List.of(2L, "jual 2"));
        assertThat(outlet.query("SELECT count(*) FROM _warung_base")).containsExactly(List.of(0L));
    }

    @Test
    void localIdsAreNeverGivenOutAgain() {
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('a')");
        long first = (Long) outlet.query("SELECT max(id) FROM transaksi").get(0).get(0);
        outlet.app("DELETE FROM transaksi");
        outlet.capture();
        outlet.resync(Map.of());
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('b')");

        assertThat(outlet.query("SELECT id FROM transaksi")).containsExactly(List.of(first + 1));
    }

    @Test
    void aTableBecomesWritableAndStopsBeingSo() {
        outlet.allow(List.of());
        outlet.app("UPDATE stok SET nama = 'tidak' WHERE kode = 'kopi'");
        assertThat(outlet.capture()).isEmpty();

        outlet.hold(1, 7L, "lama");
        outlet.commit();
        outlet.allow(WritesFixture.WRITABLE);
        outlet.app("UPDATE stok SET nama = 'ya' WHERE kode = 'teh'", "INSERT INTO transaksi (catatan) VALUES ('a')");
        assertThat(kinds(outlet.capture())).first().isEqualTo("UPDATE teh");
        assertThat(outlet.query("SELECT count(*) FROM transaksi")).containsExactly(List.of(2L));
    }

    @Test
    void moreThanFitsIntoMemoryBecomesSeveralGroupsInOrder() {
        outlet.app(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)"
                        + " INSERT INTO stok SELECT 'b' || i, 'Barang', i, NULL FROM n",
                "UPDATE stok SET jumlah = jumlah + 1 WHERE kode LIKE 'b%'");

        assertThat(outlet.capture()).hasSize(12_000);
        List<UploadGroup> groups = outlet.send();
        assertThat(groups.stream().mapToInt(g -> g.ops().size()).sum()).isEqualTo(12_000);
        assertThat(groups.get(0).ops().get(0).after()).isEqualTo(stok("b1", "Barang", 1L, null));
        assertThat(outlet.open().get(11_999).after()).isEqualTo(stok("b6000", "Barang", 6001L, null));
    }

    private static Optional<RowImage> stok(
            String kode, @Nullable String nama, @Nullable Long jumlah, @Nullable String harga) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("kode", kode);
        values.put("nama", nama);
        values.put("jumlah", jumlah);
        values.put("harga", harga);
        return Optional.of(new RowImage(values));
    }

    private static List<String> kinds(List<UploadOp> ops) {
        return ops.stream()
                .map(op ->
                        op.kind() + " " + op.key().values().values().iterator().next())
                .toList();
    }
}
