package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows whose ids the server gives out, and rows that refer to them, written again and again while the server answers some of the writes:
 * no row is ever seen twice, no item without its sale, and at the end everybody has the same.
 */
class RandomIdsTest {

    private static final int STEPS = 120;

    @TempDir
    Path directory;

    private final Map<Long, String> sales = new TreeMap<>();
    private final Map<List<Long>, String> items = new HashMap<>();
    private final Map<Long, Long> given = new LinkedHashMap<>();
    private final Map<Long, String> makers = new HashMap<>();
    private final Set<UploadOp> known = new HashSet<>();
    private long nextId = 1;
    private int labels;
    private Random random = new Random(0);
    private WritesFixture outlet;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everybodyHasTheSameRowsAtTheEnd(long seed) throws SQLException {
        random = new Random(seed);
        outlet = WritesFixture.create(directory.resolve("outlet.db"));
        for (int step = 0; step < STEPS; step++) {
            step();
            check("step " + step);
        }
        outlet.capture();
        outlet.send();
        answer(outlet.open());

        assertThat(outlet.open()).isEmpty();
        assertThat(outlet.byKey("SELECT id, catatan FROM transaksi").values())
                .containsExactlyInAnyOrderElementsOf(sales.entrySet().stream()
                        .map(e -> List.<Object>of(e.getKey(), e.getValue()))
                        .toList());
        assertThat(outlet.query("SELECT transaksi_id, nomor, kode FROM item"))
                .containsExactlyInAnyOrderElementsOf(items.entrySet().stream()
                        .map(e -> List.<@Nullable Object>of(
                                e.getKey().get(0), e.getKey().get(1), e.getValue()))
                        .toList());
        assertThat(outlet.query("SELECT count(*) FROM _warung_base")).containsExactly(List.of(0L));
        assertThat(outlet.query("SELECT (SELECT count(*) FROM _warung_ids), (SELECT count(*) FROM _warung_links)"))
                .containsExactly(List.of(0L, 0L));
        outlet.close();
    }

    private void step() {
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                labels++;
                outlet.app(
                        "BEGIN",
                        "INSERT INTO transaksi (catatan) VALUES ('s" + labels + "')",
                        "INSERT INTO item SELECT last_insert_rowid(), 1, 'kopi'",
                        "COMMIT");
            }
            case 2 ->
                outlet.app("INSERT OR IGNORE INTO item SELECT id, " + random.nextInt(3) + ", 'teh' FROM transaksi"
                        + " ORDER BY catatan DESC LIMIT 1");
            case 3 -> outlet.app("UPDATE item SET kode = kode || '+' WHERE transaksi_id % 3 = " + random.nextInt(3));
            case 4 -> {
                String doomed = "(SELECT id FROM transaksi ORDER BY catatan LIMIT 1)";
                outlet.app(
                        "BEGIN",
                        "DELETE FROM item WHERE transaksi_id = " + doomed,
                        "DELETE FROM transaksi WHERE id = " + doomed,
                        "COMMIT");
            }
            case 5 -> outlet.capture();
            case 6, 7 -> {
                outlet.capture();
                outlet.send();
                List<UploadOp> open = outlet.open();
                answer(open.subList(0, random.nextInt(open.size() + 1)));
            }
            case 8 -> outlet.restart();
            default -> {
                List<@Nullable Object[]> rows = new ArrayList<>();
                sales.forEach((id, label) -> rows.add(new Object[] {id, label}));
                List<@Nullable Object[]> itemRows = new ArrayList<>();
                items.forEach((key, kode) -> itemRows.add(new Object[] {key.get(0), key.get(1), kode}));
                List<@Nullable Object[]> ids = new ArrayList<>();
                given.forEach((local, id) ->
                        ids.add(new Object[] {"toko-1", "public.transaksi", local, id, makers.get(local)}));
                outlet.resync(Map.of(
                        WritesFixture.TRANSAKSI_NUMBER, rows,
                        WritesFixture.ITEM_NUMBER, itemRows,
                        WritesFixture.ID_MAP_NUMBER, ids));
            }
        }
    }

    /** The server does the ops, and what it says of rows and of ops comes down in any order, then all of it counts. */
    private void answer(List<UploadOp> ops) {
        List<Runnable> said = new ArrayList<>();
        for (UploadOp op : ops) {
            if (known.add(op)) {
                said.addAll(perform(op));
            }
        }
        int cut = random.nextInt(said.size() + 1);
        said.subList(0, cut).forEach(Runnable::run);
        outlet.commit();
        check("half of the answer");
        said.subList(cut, said.size()).forEach(Runnable::run);
        ops.forEach(op -> outlet.answer(op, "applied"));
        outlet.commit();
        check("before it is settled");
        outlet.settle();
    }

    private List<Runnable> perform(UploadOp op) {
        boolean isSale = op.table().equals(WritesFixture.TRANSAKSI.id());
        String column = isSale ? "id" : "transaksi_id";
        long id = (Long) Objects.requireNonNull(op.key().get(column));
        List<Runnable> said = new ArrayList<>();
        if (isSale && op.kind() == UploadOp.Kind.INSERT && WritableTable.isLocalId(id)) {
            long server = nextId++;
            given.put(id, server);
            makers.put(id, op.id().toString());
            said.add(() -> outlet.hold(
                    WritesFixture.ID_MAP_NUMBER,
                    "toko-1",
                    "public.transaksi",
                    id,
                    server,
                    op.id().toString()));
        }
        long now = given.getOrDefault(id, id);
        if (isSale) {
            if (op.kind() == UploadOp.Kind.DELETE) {
                sales.remove(now);
                said.add(() -> outlet.leave(WritesFixture.TRANSAKSI_NUMBER, now));
            } else {
                String label = String.valueOf(op.row().get("catatan"));
                sales.put(now, label);
                said.add(() -> outlet.hold(WritesFixture.TRANSAKSI_NUMBER, now, label));
            }
            return said;
        }
        long number = (Long) Objects.requireNonNull(op.key().get("nomor"));
        if (op.kind() == UploadOp.Kind.DELETE) {
            items.remove(List.of(now, number));
            said.add(() -> outlet.leave(WritesFixture.ITEM_NUMBER, now, number));
        } else {
            String kode = String.valueOf(op.row().get("kode"));
            items.put(List.of(now, number), kode);
            said.add(() -> outlet.hold(WritesFixture.ITEM_NUMBER, now, number, kode));
        }
        return said;
    }

    private void check(String when) {
        assertThat(outlet.query("SELECT catatan, count(*) FROM transaksi GROUP BY 1 HAVING count(*) > 1"))
                .as(when)
                .isEmpty();
        assertThat(outlet.query("SELECT * FROM item WHERE transaksi_id NOT IN (SELECT id FROM transaksi)"))
                .as(when)
                .isEmpty();
    }
}
