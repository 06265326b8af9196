package dev.warung.outlet.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** The application of all outlets: writes into their files whatever comes to its mind. */
final class Till {

    private static final int RECENT = 10;
    static final int COUNTS = 4;
    static final int CUSTOMERS = 8;
    private static final int KINDS = 24;
    private static final long NOWHERE = 999_999_999;

    private final Random random;
    /** Differences of counts that were written, by count. */
    private final Map<String, Long> differences = new HashMap<>();

    private final Map<Long, List<String>> goods = new HashMap<>();
    private final Map<Long, List<String>> notes = new HashMap<>();
    private final Map<Long, List<String>> sales = new HashMap<>();
    private int labels;

    Till(Random random) {
        this.random = random;
    }

    Map<String, Long> differences() {
        return differences;
    }

    String newGood(long branch) {
        return remember(goods, branch, new UUID(random.nextLong(), random.nextLong()).toString());
    }

    String newNote(long branch) {
        return remember(notes, branch, new UUID(random.nextLong(), random.nextLong()).toString());
    }

    String newSale(long branch) {
        labels++;
        return remember(sales, branch, "nota " + labels);
    }

    String word() {
        return "w" + random.nextInt(1000);
    }

    /** One transaction of the application of an outlet. */
    void write(SimulatedOutlet outlet) {
        outlet.write(() -> {
            int statements = 1 + random.nextInt(2);
            for (int i = 0; i < statements; i++) {
                one(outlet.file(), outlet.id().branch());
            }
        });
    }

    private void one(OutletFile file, long branch) {
        switch (random.nextInt(KINDS)) {
            case 0, 1, 2, 3, 4 -> count(file, branch);
            case 5 -> file.run("UPDATE stok SET nama = ? WHERE kode = ?", word(), count(branch));
            case 6, 7, 8 -> good(file, branch);
            case 9, 10, 11 -> note(file, branch);
            case 12, 13, 14 -> customer(file, branch);
            case 15, 16, 17 -> sell(file, branch);
            case 18, 19 -> item(file, branch);
            case 20 ->
                file.run("UPDATE transaksi SET total = total + 1, diperbarui = 'x' WHERE nota = ?", any(sales, branch));
            case 21 -> cancel(file, branch);
            case 22 -> file.run("UPDATE transaksi SET nota = nota WHERE cabang = ?", branch);
            default -> poison(file, branch);
        }
    }

    private void count(OutletFile file, long branch) {
        long difference = random.nextInt(11) - 5L;
        String kode = count(branch);
        int rows = file.run("UPDATE stok SET jumlah = jumlah + ? WHERE kode = ?", difference, kode);
        differences.merge(kode, rows * difference, Long::sum);
    }

    private void good(OutletFile file, long branch) {
        String id = any(goods, branch);
        switch (random.nextInt(7)) {
            case 0 ->
                file.run(
                        "INSERT INTO barang VALUES (?, ?, ?, '12.50', ?)",
                        newGood(branch),
                        branch,
                        word(),
                        random.nextInt(9));
            case 1 -> file.run("UPDATE barang SET harga = ? WHERE id = ?", random.nextInt(90) + ".5", id);
            case 2 -> file.run("UPDATE barang SET nama = ? WHERE id = ?", word(), id);
            case 3 -> file.run("UPDATE barang SET jumlah = jumlah - 1 WHERE id = ?", id);
            case 4 -> file.run("DELETE FROM barang WHERE id = ?", id);
            case 5 -> file.run("INSERT OR REPLACE INTO barang VALUES (?, ?, ?, '1.00', 3)", id, branch, word());
            default -> file.run("UPDATE barang SET id = ? WHERE id = ?", newGood(branch), id);
        }
    }

    private void note(OutletFile file, long branch) {
        String id = any(notes, branch);
        switch (random.nextInt(5)) {
            case 0 -> {
                String fresh = newNote(branch);
                String title = random.nextInt(5) == 0 ? "sama" : fresh;
                file.run("INSERT OR IGNORE INTO catatan VALUES (?, ?, ?, ?, 1)", fresh, branch, title, word());
            }
            case 1, 2 -> file.run("UPDATE catatan SET teks = ? WHERE id = ?", word(), id);
            case 3 -> file.run("UPDATE catatan SET penting = NOT penting WHERE id = ?", id);
            default -> file.run("DELETE FROM catatan WHERE id = ?", id);
        }
    }

    private void customer(OutletFile file, long branch) {
        String kode = "p" + random.nextInt(CUSTOMERS);
        switch (random.nextInt(5)) {
            case 0 ->
                file.run(
                        "INSERT INTO pelanggan VALUES (?, ?, ?, NULL) ON CONFLICT (kode) DO UPDATE SET nama = excluded.nama",
                        kode,
                        branch,
                        word());
            case 1, 2 -> file.run("UPDATE pelanggan SET nama = ? WHERE kode = ?", word(), kode);
            case 3 -> file.run("UPDATE pelanggan SET telepon = ? WHERE kode = ?", word(), kode);
            default -> file.run("DELETE FROM pelanggan WHERE kode = ?", kode);
        }
    }

    private void sell(OutletFile file, long branch) {
        String nota = newSale(branch);
        file.run("INSERT INTO transaksi (cabang, nota, total) VALUES (?, ?, ?)", branch, nota, random.nextInt(100));
        int items = 1 + random.nextInt(2);
        for (int i = 0; i < items; i++) {
            file.run(
                    "INSERT INTO item SELECT id, ?, cabang, ?, 1 FROM transaksi WHERE nota = ?",
                    i,
                    count(branch),
                    nota);
        }
    }

    private void item(OutletFile file, long branch) {
        String nota = any(sales, branch);
        String ofSale = "WHERE transaksi_id IN (SELECT id FROM transaksi WHERE nota = ?)";
        switch (random.nextInt(4)) {
            case 0 ->
                file.run(
                        "INSERT OR IGNORE INTO item SELECT id, ?, cabang, 'k', 2 FROM transaksi WHERE nota = ?",
                        random.nextInt(4),
                        nota);
            case 1 -> file.run("UPDATE item SET qty = qty + 1 " + ofSale, nota);
            case 2 -> file.run("UPDATE item SET kode = ? " + ofSale, word(), nota);
            default -> file.run("DELETE FROM item " + ofSale + " AND nomor = ?", nota, random.nextInt(4));
        }
    }

    private void cancel(OutletFile file, long branch) {
        String nota = any(sales, branch);
        file.run("DELETE FROM item WHERE transaksi_id IN (SELECT id FROM transaksi WHERE nota = ?)", nota);
        file.run("DELETE FROM transaksi WHERE nota = ?", nota);
    }

    /** What the server will refuse. */
    private void poison(OutletFile file, long branch) {
        switch (random.nextInt(4)) {
            case 0 -> file.run("UPDATE barang SET jumlah = -1000 WHERE id = ?", any(goods, branch));
            case 1 -> file.run("UPDATE barang SET cabang = ? WHERE id = ?", branch + 1, any(goods, branch));
            case 2 ->
                file.run("INSERT OR IGNORE INTO item VALUES (?, ?, ?, 'x', 1)", NOWHERE, random.nextInt(9), branch);
            default ->
                file.run(
                        "UPDATE item SET qty = -5 WHERE transaksi_id IN (SELECT id FROM transaksi WHERE nota = ?)",
                        any(sales, branch));
        }
    }

    private String count(long branch) {
        return "c" + branch + "." + random.nextInt(COUNTS);
    }

    private String remember(Map<Long, List<String>> pool, long branch, String name) {
        pool.computeIfAbsent(branch, b -> new ArrayList<>()).add(name);
        return name;
    }

    private String any(Map<Long, List<String>> pool, long branch) {
        List<String> all = pool.getOrDefault(branch, List.of());
        int recent = Math.min(RECENT, all.size());
        return recent == 0 ? "none" : all.get(all.size() - 1 - random.nextInt(recent));
    }
}
