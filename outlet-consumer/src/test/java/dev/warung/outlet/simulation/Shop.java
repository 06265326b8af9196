package dev.warung.outlet.simulation;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WritableTable.Reference;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.WritePolicy.Conflict;
import dev.warung.core.upload.WritePolicy.Delete;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.ShapeSchema.ShapeColumn;
import dev.warung.core.wire.ShapeSchema.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of the simulated shop, how they take writes, and the shapes that hold them. */
final class Shop {

    /** Counts that everybody changes; no row of it ever goes, so that each difference must be found in it. */
    static final Table STOK =
            table("public.stok", "kode", text("kode"), number("cabang"), text("nama"), number("jumlah"));

    /** Keys made on the device. */
    static final Table BARANG =
            table("public.barang", "id", text("id"), number("cabang"), text("nama"), text("harga"), number("jumlah"));

    /** Somebody decides. */
    static final Table CATATAN = table(
            "public.catatan",
            "id",
            text("id"),
            number("cabang"),
            text("judul"),
            text("teks"),
            new ShapeColumn("penting", "boolean", ValueKind.BOOLEAN, false));

    /** Two shapes hold it. */
    static final Table PELANGGAN =
            table("public.pelanggan", "kode", text("kode"), number("cabang"), text("nama"), text("telepon"));

    /** The server gives the keys. */
    static final Table TRANSAKSI = table(
            "public.transaksi",
            "id",
            number("id"),
            number("cabang"),
            text("nota"),
            number("total"),
            text("diperbarui"));

    static final Table ITEM = new Table(
            TableId.parse("public.item"),
            List.of(number("transaksi_id"), number("nomor"), number("cabang"), text("kode"), number("qty")),
            List.of("transaksi_id", "nomor"));

    /** Nobody writes it but the server. */
    static final Table PRODUK = table("public.produk", "kode", text("kode"), text("nama"));

    static final Table LEDGER = table(
            "warung.ledger",
            "op",
            text("op"),
            text("table_name"),
            text("kind"),
            text("status"),
            text("reason_code"),
            text("reason"),
            text("effective_at"),
            text("received_at"));
    static final Table ID_MAP = new Table(
            TableId.parse("warung.id_map"),
            List.of(text("outlet_code"), text("table_name"), number("local_id"), number("server_id"), text("op")),
            List.of("outlet_code", "table_name", "local_id"));
    static final Table CONFLICTS = table("warung.conflicts", "id", text("id"), text("op"), text("state"));

    static final String GENERAL = "umum";
    static final String BRANCH = "cabang";
    static final String SYNC = "sync";

    /** The shapes of every outlet. */
    static final Map<String, List<Table>> SHAPES = shapes();

    static final Map<TableId, Table> TABLES = tables();
    static final Map<TableId, WriteDefinition> WRITES = writes();
    static final List<WritableTable> WRITABLE =
            WRITES.values().stream().map(WriteDefinition::table).toList();

    private static final ShapeSchema.Keep KEEP = new ShapeSchema.Keep(
            Duration.ofDays(7).toMillis(), Duration.ofDays(35).toMillis());
    private static final int HARGA_SCALE = 2;

    private Shop() {}

    static ShapeSchema schema(String shape, int generation) {
        return new ShapeSchema(shape, Map.of(), generation, SHAPES.getOrDefault(shape, List.of()), KEEP);
    }

    /** Whether a shape of this outlet holds a row. */
    static boolean isHeld(String shape, OutletId outlet, RowImage row) {
        return switch (shape) {
            case GENERAL -> true;
            case BRANCH -> Long.valueOf(outlet.branch()).equals(row.get("cabang"));
            default -> outlet.code().equals(row.get("outlet_code"));
        };
    }

    /** The key of a row, or a key, in key order. */
    static List<Object> key(Table table, RowImage row) {
        List<Object> key = new ArrayList<>();
        for (String column : table.key()) {
            Object value = row.get(column);
            key.add(value == null ? "" : value);
        }
        return key;
    }

    static RowImage keyRow(Table table, List<Object> key) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < key.size(); i++) {
            values.put(table.key().get(i), key.get(i));
        }
        return new RowImage(values);
    }

    /** A row as the server prints it; columns that the table does not have are left out, and those that the row lacks are NULL. */
    static RowImage canonical(Table table, RowImage row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        table.columns().forEach(column -> values.put(column.name(), canonical(column, row.get(column.name()))));
        return new RowImage(values);
    }

    /** A value as the server prints it. */
    static @Nullable Object canonical(ShapeColumn column, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (column.name().equals("harga")) {
            return new BigDecimal(value.toString()).setScale(HARGA_SCALE).toPlainString();
        }
        return column.kind() == ValueKind.INTEGER && value instanceof String text ? (Object) Long.valueOf(text) : value;
    }

    /** The values of a row as a shape's topic has them. */
    static @Nullable Object[] values(Table table, RowImage row) {
        return table.columns().stream()
                .map(column -> {
                    Object value = row.get(column.name());
                    return value instanceof Boolean is ? (Object) (is ? 1L : 0L) : value;
                })
                .toArray();
    }

    /** What the rules of a table say against a row. */
    static Optional<String> broken(Table table, RowImage row) {
        String column = BARANG.equals(table) ? "jumlah" : "qty";
        boolean isRuled = BARANG.equals(table) || ITEM.equals(table);
        return isRuled && row.get(column) instanceof Long number && number < 0
                ? Optional.of(column + " is below zero")
                : Optional.empty();
    }

    private static Map<String, List<Table>> shapes() {
        Map<String, List<Table>> shapes = new LinkedHashMap<>();
        shapes.put(GENERAL, List.of(PELANGGAN, PRODUK));
        shapes.put(BRANCH, List.of(STOK, BARANG, CATATAN, PELANGGAN, TRANSAKSI, ITEM));
        shapes.put(SYNC, List.of(LEDGER, ID_MAP, CONFLICTS));
        return shapes;
    }

    private static Map<TableId, Table> tables() {
        Map<TableId, Table> tables = new LinkedHashMap<>();
        shapes().values().forEach(all -> all.forEach(table -> tables.put(table.id(), table)));
        return tables;
    }

    private static Map<TableId, WriteDefinition> writes() {
        List<Reference> toSale = List.of(new Reference(List.of("transaksi_id"), TRANSAKSI.id(), List.of("id")));
        Map<TableId, WriteDefinition> writes = new LinkedHashMap<>();
        add(writes, STOK, List.of("jumlah"), List.of(), policy(Conflict.NEWEST_WINS, Delete.DELETE_WINS));
        add(writes, BARANG, List.of("jumlah"), List.of(), policy(Conflict.CLIENT_WINS, Delete.UPDATE_WINS));
        add(writes, CATATAN, List.of(), List.of(), policy(Conflict.MANUAL, Delete.MANUAL));
        add(writes, PELANGGAN, List.of(), List.of(), policy(Conflict.SERVER_WINS, Delete.DELETE_WINS));
        add(
                writes,
                TRANSAKSI,
                List.of(),
                List.of(),
                new WritePolicy(Conflict.NEWEST_WINS, Delete.DELETE_WINS, false, Optional.of("diperbarui"), List.of()));
        add(
                writes,
                ITEM,
                List.of(),
                toSale,
                new WritePolicy(Conflict.NEWEST_WINS, Delete.UPDATE_WINS, true, Optional.empty(), List.of()));
        return writes;
    }

    private static WritePolicy policy(Conflict conflict, Delete delete) {
        return new WritePolicy(conflict, delete, false, Optional.empty(), List.of());
    }

    private static void add(
            Map<TableId, WriteDefinition> writes,
            Table table,
            List<String> delta,
            List<Reference> references,
            WritePolicy policy) {
        Optional<String> assigned = TRANSAKSI.equals(table) ? Optional.of("id") : Optional.empty();
        writes.put(
                table.id(),
                new WriteDefinition(new WritableTable(table.id(), assigned, List.of(), delta, references), policy));
    }

    private static Table table(String name, String key, ShapeColumn... columns) {
        return new Table(TableId.parse(name), List.of(columns), List.of(key));
    }

    private static ShapeColumn text(String name) {
        return new ShapeColumn(name, "text", ValueKind.TEXT, false);
    }

    private static ShapeColumn number(String name) {
        return new ShapeColumn(name, "bigint", ValueKind.INTEGER, false);
    }
}
