package dev.warung.outlet.simulation;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.ShapeSchema.Table;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.simulation.Server.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Those who write at the server itself. */
final class HeadOffice {

    private final Server server;
    private final Till till;
    private final Random random;
    private final Time time;
    private final int branches;

    HeadOffice(Server server, Till till, Random random, Time time, int branches) {
        this.server = server;
        this.till = till;
        this.random = random;
        this.time = time;
        this.branches = branches;
    }

    /** What there is before the first outlet: the same for every seed, and in every branch. */
    static void open(Server server, int branches) {
        for (long branch = 1; branch <= branches; branch++) {
            for (int i = 0; i < Till.COUNTS; i++) {
                server.put(Shop.STOK, row(Shop.STOK, "c" + branch + "." + i, branch, "stok", 100L));
            }
            server.put(Shop.BARANG, row(Shop.BARANG, "b" + branch, branch, "barang", "5.00", 10L));
            server.put(Shop.CATATAN, row(Shop.CATATAN, "n" + branch, branch, "judul" + branch, "teks", true));
            server.put(Shop.PELANGGAN, row(Shop.PELANGGAN, "p" + branch, branch, "nama", null));
            long id = server.nextId();
            server.put(Shop.TRANSAKSI, row(Shop.TRANSAKSI, id, branch, "nota" + branch, 7L, stamp(1)));
            server.put(Shop.ITEM, row(Shop.ITEM, id, 1L, branch, "kopi", 2L));
        }
        server.put(Shop.PRODUK, row(Shop.PRODUK, "x1", "produk"));
        server.commit();
    }

    /** One transaction. @return what it changed */
    List<Server.Change> write() {
        int writes = 1 + random.nextInt(3);
        for (int i = 0; i < writes; i++) {
            one(1L + random.nextInt(branches));
        }
        return server.commit();
    }

    private void one(long branch) {
        switch (random.nextInt(12)) {
            case 0, 1 ->
                any(Shop.STOK)
                        .ifPresent(row -> server.put(
                                Shop.STOK, row.with("jumlah", (Long) row.get("jumlah") + random.nextInt(9) - 4)));
            case 2 -> change(Shop.STOK, "nama");
            case 3 -> server.put(Shop.BARANG, row(Shop.BARANG, till.newGood(branch), branch, till.word(), "3.00", 5L));
            case 4 -> change(Shop.BARANG, random.nextBoolean() ? "nama" : "cabang");
            case 5 -> note(branch);
            case 6 -> customer(branch);
            case 7 -> remove(random.nextBoolean() ? Shop.BARANG : Shop.CATATAN);
            case 8 -> server.put(Shop.PRODUK, row(Shop.PRODUK, "x" + random.nextInt(4), till.word()));
            case 9 -> sell(branch);
            case 10 -> changeSale();
            default -> resolve();
        }
    }

    private void note(long branch) {
        if (random.nextBoolean()) {
            String id = till.newNote(branch);
            server.put(Shop.CATATAN, row(Shop.CATATAN, id, branch, "kantor " + id, till.word(), false));
        } else {
            change(Shop.CATATAN, "teks");
        }
    }

    private void customer(long branch) {
        String kode = "p" + random.nextInt(Till.CUSTOMERS);
        Row place = new Row(Shop.PELANGGAN.id(), List.of(kode));
        switch (random.nextInt(4)) {
            case 0 -> server.remove(place);
            case 1 -> server.put(Shop.PELANGGAN, row(Shop.PELANGGAN, kode, branch, till.word(), "1"));
            default -> server.find(place).ifPresent(row -> server.put(Shop.PELANGGAN, row.with("nama", till.word())));
        }
    }

    private void sell(long branch) {
        long id = server.nextId();
        server.put(Shop.TRANSAKSI, row(Shop.TRANSAKSI, id, branch, till.newSale(branch), 1L, stamp(time.nowUs())));
        server.put(Shop.ITEM, row(Shop.ITEM, id, 1L, branch, "teh", 1L));
    }

    private void changeSale() {
        any(Shop.TRANSAKSI).ifPresent(sale -> {
            Object id = Objects.requireNonNull(sale.get("id"));
            List<RowImage> items = new ArrayList<>(server.rows(Shop.ITEM).stream()
                    .filter(item -> id.equals(item.get("transaksi_id")))
                    .toList());
            if (random.nextInt(3) == 0) {
                items.forEach(item -> server.remove(new Row(Shop.ITEM.id(), Shop.key(Shop.ITEM, item))));
                server.remove(new Row(Shop.TRANSAKSI.id(), List.of(id)));
            } else {
                server.put(
                        Shop.TRANSAKSI,
                        sale.with("total", (long) random.nextInt(100)).with("diperbarui", stamp(time.nowUs())));
                items.forEach(item -> server.put(Shop.ITEM, item.with("kode", till.word())));
            }
        });
    }

    /** Somebody decides about a conflict. */
    private void resolve() {
        Optional<RowImage> open = server.rows(Shop.CONFLICTS).stream()
                .filter(row -> "open".equals(row.get("state")))
                .findFirst();
        if (open.isEmpty()) {
            return;
        }
        server.put(Shop.CONFLICTS, open.get().with("state", "resolved"));
        Table table = Shop.TABLES.get(TableId.parse(String.valueOf(open.get().get("of_table"))));
        if (random.nextBoolean() && Shop.CATATAN.equals(table)) {
            String wants = open.get().text("wants");
            if (wants == null) {
                server.remove(
                        new Row(table.id(), List.of(String.valueOf(open.get().get("of_key")))));
            } else {
                server.put(table, Shop.canonical(table, UploadCodec.row(wants)).with("judul", till.newNote(1)));
            }
        }
    }

    private void change(Table table, String column) {
        any(table)
                .ifPresent(row -> server.put(
                        table,
                        row.with(
                                column,
                                column.equals("cabang") ? (Object) (1L + random.nextInt(branches)) : till.word())));
    }

    private void remove(Table table) {
        any(table).ifPresent(row -> server.remove(new Row(table.id(), Shop.key(table, row))));
    }

    private Optional<RowImage> any(Table table) {
        int size = server.rows(table).size();
        return size == 0
                ? Optional.empty()
                : server.rows(table).stream().skip(random.nextInt(size)).findFirst();
    }

    private static String stamp(long us) {
        return MemoryStore.timestamp(us);
    }

    private static RowImage row(Table table, @Nullable Object... values) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            row.put(table.columns().get(i).name(), values[i]);
        }
        return new RowImage(row);
    }
}
