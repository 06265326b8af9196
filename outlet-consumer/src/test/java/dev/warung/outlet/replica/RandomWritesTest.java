package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.upload.UploadOp;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Random writes of an application, and of a server that answers some ops and changes rows itself: what can be seen is always the server's
 * row with the open ops over it, and the server's rows alone when all have been answered.
 */
class RandomWritesTest {

    private static final int STEPS = 250;
    private static final int KEYS = 8;
    private static final List<String> COLUMNS = List.of("kode", "nama", "jumlah", "harga");

    @TempDir
    Path directory;

    /** What has come down to the outlet. */
    private final Map<String, @Nullable Object[]> base = new TreeMap<>();

    /** Ops that the server has answered. */
    private final Set<UploadOp> answered = new HashSet<>();
    /** What the application did since it was last looked at is not known as ops: then only its own view counts. */
    private boolean isCaptured = true;

    private Random random = new Random();
    private WritesFixture outlet;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void rowsAreTheServersWithTheOpenOpsOverThem(long seed) throws SQLException {
        random = new Random(seed);
        outlet = WritesFixture.create(directory.resolve("outlet.db"));
        for (int step = 0; step < STEPS; step++) {
            step();
            if (isCaptured) {
                check("step " + step);
            }
        }
        outlet.capture();
        outlet.send();
        answer(outlet.open());
        check("end");
        assertThat(outlet.open()).isEmpty();
        assertThat(shown()).isEqualTo(rows(base));
        assertThat(outlet.query("SELECT count(*) FROM _warung_base")).containsExactly(List.of(0L));
        assertThat(outlet.query("SELECT count(*) FROM _warung_guard")).containsExactly(List.of(0L));
        outlet.close();
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> write();
            case 5, 6 -> {
                outlet.capture();
                isCaptured = true;
            }
            case 7, 8 -> {
                serverWrites();
                settleIfWaiting();
            }
            case 9 -> {
                outlet.send();
                isCaptured = true;
                List<UploadOp> sent = outlet.open();
                answer(sent.subList(0, random.nextInt(sent.size() + 1)));
            }
            case 10 -> {
                List<@Nullable Object[]> rows = new ArrayList<>(base.values());
                outlet.resync(Map.of(0, rows));
                isCaptured = true;
            }
            default -> {
                outlet.restart();
                isCaptured = true;
                settleIfWaiting();
            }
        }
    }

    private void write() {
        isCaptured = false;
        String key = "'k" + random.nextInt(KEYS) + "'";
        String other = "'k" + random.nextInt(KEYS) + "'";
        String number = String.valueOf(random.nextInt(100));
        String values = "(" + key + ", 'n" + number + "', " + number + ", '" + number + ".50')";
        outlet.app(
                switch (random.nextInt(8)) {
                    case 0 -> "INSERT OR IGNORE INTO stok VALUES " + values;
                    case 1 -> "INSERT OR REPLACE INTO stok VALUES " + values;
                    case 2 ->
                        "INSERT INTO stok VALUES " + values + " ON CONFLICT (kode) DO UPDATE SET nama = excluded.nama";
                    case 3 -> "UPDATE stok SET jumlah = jumlah - 1 WHERE kode = " + key;
                    case 4 -> "UPDATE stok SET nama = NULL, harga = '7.25' WHERE kode = " + key;
                    case 5 -> "UPDATE OR REPLACE stok SET kode = " + other + " WHERE kode = " + key;
                    case 6 -> "DELETE FROM stok WHERE kode = " + key;
                    default -> "UPDATE stok SET jumlah = coalesce(jumlah, 0) + 1";
                });
    }

    private void serverWrites() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            String key = "k" + random.nextInt(KEYS);
            if (random.nextInt(4) == 0) {
                base.remove(key);
                outlet.leave(0, key);
            } else {
                put(new Object[] {key, "s" + random.nextInt(9), (long) random.nextInt(100), "1.00"});
            }
        }
        outlet.commit();
        isCaptured = true;
    }

    private void put(@Nullable Object[] row) {
        base.put(String.valueOf(row[0]), row);
        outlet.hold(0, row);
    }

    /** The server does some of the ops and refuses others, in order; the answers come down with the rows, or after them. */
    private void answer(List<UploadOp> ops) {
        boolean isTogether = random.nextBoolean();
        for (UploadOp op : ops) {
            if (random.nextInt(4) > 0) {
                apply(op);
            }
            answered.add(op);
            if (isTogether) {
                outlet.answer(op, "applied");
            }
        }
        outlet.commit();
        if (!isTogether) {
            ops.forEach(op -> outlet.answer(op, "applied"));
            outlet.commit();
        }
        outlet.settle();
        isCaptured = true;
    }

    private void apply(UploadOp op) {
        String key = String.valueOf(op.key().get("kode"));
        if (op.kind() == UploadOp.Kind.DELETE) {
            base.remove(key);
            outlet.leave(0, key);
            return;
        }
        @Nullable Object[] row = over(base.get(key), op);
        if (row != null) {
            put(row);
        }
    }

    private void settleIfWaiting() {
        if (outlet.outbox().isAnyWaiting()) {
            outlet.settle();
        }
    }

    private static @Nullable Object @Nullable [] over(@Nullable Object @Nullable [] row, UploadOp op) {
        if (op.kind() == UploadOp.Kind.DELETE) {
            return null;
        }
        if (op.kind() == UploadOp.Kind.INSERT) {
            return COLUMNS.stream().map(c -> op.after().orElseThrow().get(c)).toArray();
        }
        if (row == null) {
            return null;
        }
        @Nullable Object[] changed = row.clone();
        for (int i = 0; i < changed.length; i++) {
            Object before = op.before().orElseThrow().get(COLUMNS.get(i));
            Object after = op.after().orElseThrow().get(COLUMNS.get(i));
            if (!Objects.equals(before, after)) {
                changed[i] = i >= 2 ? sum(changed[i], before, after) : after;
            }
        }
        return changed;
    }

    private static @Nullable Object sum(@Nullable Object base, @Nullable Object before, @Nullable Object after) {
        if (base == null || before == null || after == null) {
            return after;
        }
        if (base instanceof Long number) {
            return number + (Long) after - (Long) before;
        }
        return new java.math.BigDecimal(base.toString())
                .add(new java.math.BigDecimal(after.toString()))
                .subtract(new java.math.BigDecimal(before.toString()))
                .toPlainString();
    }

    private void check(String when) {
        Map<String, @Nullable Object[]> expected = new TreeMap<>(base);
        for (UploadOp op : outlet.open()) {
            String key = String.valueOf(op.key().get("kode"));
            @Nullable Object[] row = over(expected.get(key), op);
            if (row == null) {
                expected.remove(key);
            } else {
                expected.put(key, row);
            }
        }
        assertThat(shown()).as(when).isEqualTo(rows(expected));
    }

    private Map<String, List<@Nullable Object>> shown() {
        return outlet.byKey("SELECT kode, nama, jumlah, harga FROM stok");
    }

    private static Map<String, List<@Nullable Object>> rows(Map<String, @Nullable Object[]> rows) {
        Map<String, List<@Nullable Object>> all = new LinkedHashMap<>();
        rows.forEach((key, row) -> all.put(key, Arrays.asList(row)));
        return all;
    }
}
