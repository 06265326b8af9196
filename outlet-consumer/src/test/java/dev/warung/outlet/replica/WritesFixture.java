package dev.warung.outlet.replica;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import dev.warung.core.wire.ShapeSchema.ShapeColumn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An outlet's file with one shape, the application that writes into it, and what the server says. */
final class WritesFixture implements AutoCloseable {

    static final ShapeSchema.Table STOK = table(
            "public.stok",
            List.of("kode"),
            new ShapeColumn("kode", "text", ValueKind.TEXT, true),
            new ShapeColumn("nama", "text", ValueKind.TEXT, false),
            new ShapeColumn("jumlah", "bigint", ValueKind.INTEGER, false),
            new ShapeColumn("harga", "numeric(12,2)", ValueKind.TEXT, false));
    static final ShapeSchema.Table TRANSAKSI = table(
            "public.transaksi",
            List.of("id"),
            new ShapeColumn("id", "bigint", ValueKind.INTEGER, true),
            new ShapeColumn("catatan", "text", ValueKind.TEXT, false));
    static final ShapeSchema.Table ITEM = table(
            "public.item",
            List.of("transaksi_id", "nomor"),
            new ShapeColumn("transaksi_id", "bigint", ValueKind.INTEGER, true),
            new ShapeColumn("nomor", "integer", ValueKind.INTEGER, true),
            new ShapeColumn("kode", "text", ValueKind.TEXT, false));
    static final ShapeSchema.Table NILAI = table(
            "public.nilai",
            List.of("id"),
            new ShapeColumn("id", "bigint", ValueKind.INTEGER, true),
            new ShapeColumn("teks", "text", ValueKind.TEXT, false),
            new ShapeColumn("pecahan", "double precision", ValueKind.FLOAT, false),
            new ShapeColumn("data", "bytea", ValueKind.BYTES, false),
            new ShapeColumn("benar", "boolean", ValueKind.BOOLEAN, false));
    static final ShapeSchema.Table LEDGER = table(
            "warung.ledger",
            List.of("op"),
            text("op"),
            text("table_name"),
            text("status"),
            text("reason_code"),
            text("reason"));
    static final ShapeSchema.Table ID_MAP = table(
            "warung.id_map",
            List.of("outlet_code", "table_name", "local_id"),
            text("outlet_code"),
            text("table_name"),
            new ShapeColumn("local_id", "bigint", ValueKind.INTEGER, true),
            new ShapeColumn("server_id", "bigint", ValueKind.INTEGER, true),
            text("op"));
    static final ShapeSchema.Table SESSIONS =
            table("warung.outlet_sessions", List.of("file"), text("file"), text("nonce"));
    static final ShapeSchema.Table COPIES =
            table("warung.outlet_copies", List.of("nonce"), text("file"), text("nonce"));
    static final ShapeSchema.Table CONFLICTS =
            table("warung.conflicts", List.of("id"), text("id"), text("op"), text("state"), text("created_at"));
    static final List<WritableTable> WRITABLE = List.of(
            writable(STOK, Optional.empty(), List.of("jumlah", "harga"), List.of()),
            writable(TRANSAKSI, Optional.of("id"), List.of(), List.of()),
            writable(
                    ITEM,
                    Optional.empty(),
                    List.of(),
                    List.of(new WritableTable.Reference(List.of("transaksi_id"), TRANSAKSI.id(), List.of("id")))),
            writable(NILAI, Optional.empty(), List.of(), List.of()));
    static final List<ShapeSchema.Table> ALL =
            List.of(STOK, TRANSAKSI, ITEM, NILAI, LEDGER, ID_MAP, SESSIONS, COPIES, CONFLICTS);
    static final int STOK_NUMBER = 0;
    static final int TRANSAKSI_NUMBER = 1;
    static final int ITEM_NUMBER = 2;
    static final int NILAI_NUMBER = 3;
    static final int LEDGER_NUMBER = 4;
    static final int ID_MAP_NUMBER = 5;
    static final int SESSIONS_NUMBER = 6;
    static final int COPIES_NUMBER = 7;
    static final int CONFLICTS_NUMBER = 8;

    private final Path file;
    private final Connection app;
    private OutletReplica replica;
    private Feed feed;
    private long lsn = 1;
    private int generation = 1;

    private WritesFixture(Path file) throws SQLException {
        this.file = file;
        this.replica = OutletReplica.open(file, OutletReplica.Examination.NONE);
        replica.own(UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "toko-1");
        allow(WRITABLE);
        this.feed = fill(Map.of());
        this.app = DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    static WritesFixture create(Path file) throws SQLException {
        return new WritesFixture(file);
    }

    OutletReplica replica() {
        return replica;
    }

    Outbox outbox() {
        return replica.outbox();
    }

    void allow(List<WritableTable> writable) {
        replica.record(new OutletRecord("id", "toko-1", "Toko", Map.of(), true, 1, List.of(), writable));
        replica.commit();
    }

    /** Reads the shape anew, with these rows, and shows it. */
    void resync(Map<Integer, List<@Nullable Object[]>> rows) {
        feed = fill(rows);
    }

    private Feed fill(Map<Integer, List<@Nullable Object[]>> rows) {
        generation++;
        Feed filling = replica.begin(new OutletRecord.Feed("cabang", "topic." + generation, "id", generation), 1);
        filling = replica.describe(
                filling, new ShapeSchema("cabang", Map.of(), generation, ALL, new ShapeSchema.Keep(1, 1)));
        for (Map.Entry<Integer, List<@Nullable Object[]>> table : rows.entrySet()) {
            for (@Nullable Object[] row : table.getValue()) {
                replica.apply(filling, staged(), new ShapeRecord.Row(table.getKey(), row));
            }
        }
        filling = filling.with(filling.progress().withEnd(new ShapeRecord.End(id(), Lsn.ZERO, 0)));
        replica.save(filling);
        replica.commit();
        List<Integer> gone =
                replica.feeds().stream().filter(Feed::isLive).map(Feed::number).toList();
        replica.become(List.of(filling.number()), gone);
        replica.commit();
        return replica.feed(filling.number());
    }

    void hold(int table, @Nullable Object... row) {
        replica.apply(feed, staged(), new ShapeRecord.Row(table, row));
    }

    void leave(int table, Object... key) {
        replica.apply(feed, staged(), new ShapeRecord.Gone(table, key));
    }

    void truncate(int table) {
        replica.apply(feed, staged(), new ShapeRecord.Truncate(table));
    }

    /** The server's answer to an op, as a row that comes down. */
    void answer(UploadOp op, String status) {
        answer(op, status, null);
    }

    void answer(UploadOp op, String status, @Nullable String reasonCode) {
        hold(LEDGER_NUMBER, op.id().toString(), op.table().toString(), status, reasonCode, null);
    }

    void commit() {
        lsn++;
        replica.commit();
    }

    /** Kafka was asked and all has been read: every answer that is there is final. */
    void settle() {
        long asked = outbox().ask();
        outbox().settle(asked, outbox().answers(), 1);
        replica.commit();
    }

    /** Takes in what the application has written. */
    List<UploadOp> capture() {
        outbox().capture();
        return open();
    }

    /** Ops that are not settled. */
    List<UploadOp> open() {
        List<UploadOp> ops = new ArrayList<>();
        query("SELECT op FROM _warung_ops WHERE open = 1 ORDER BY seq")
                .forEach(row -> ops.add(new OpStore(connectionOfTests(), new Statements(connectionOfTests()))
                        .find(UUID.fromString(String.valueOf(row.get(0))))
                        .orElseThrow()
                        .op()));
        return ops;
    }

    /** Sends all that is pending. */
    List<UploadGroup> send() {
        List<UploadGroup> sent = new ArrayList<>();
        Optional<Outbox.Parcel> parcel = outbox().next(1);
        while (parcel.isPresent()) {
            sent.addAll(parcel.get().groups());
            parcel = outbox().next(1);
        }
        return sent;
    }

    /** The application writes, each statement in a transaction of its own. */
    void app(String... statements) {
        for (String sql : statements) {
            try (Statement statement = app.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }

    Connection connectionOfTests() {
        return app;
    }

    /** Rows as the application sees them. */
    List<List<@Nullable Object>> query(String sql) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        try (Statement statement = app.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    Object value = rows.getObject(i);
                    row.add(value instanceof Integer number ? (Object) number.longValue() : value);
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    Map<String, List<@Nullable Object>> byKey(String sql) {
        Map<String, List<@Nullable Object>> rows = new TreeMap<>();
        query(sql).forEach(row -> rows.put(String.valueOf(row.get(0)), row));
        return rows;
    }

    /** The process ends without a word and starts again. */
    void restart() {
        replica.close();
        replica = OutletReplica.open(file, OutletReplica.Examination.NONE);
        feed = replica.feeds().stream().filter(Feed::isLive).findFirst().orElseThrow();
    }

    @Override
    public void close() throws SQLException {
        app.close();
        replica.close();
    }

    private Staged staged() {
        return new Staged(id(), new byte[0], null);
    }

    private ChangeId id() {
        return new ChangeId(1, new Lsn(lsn), 1);
    }

    private static ShapeSchema.Table table(String name, List<String> key, ShapeColumn... columns) {
        return new ShapeSchema.Table(TableId.parse(name), List.of(columns), key);
    }

    /** The server has given an id to the row that an op made. */
    void give(UploadOp op, long serverId) {
        hold(
                ID_MAP_NUMBER,
                "toko-1",
                op.table().toString(),
                op.key().get("id"),
                serverId,
                op.id().toString());
    }

    private static ShapeColumn text(String name) {
        return new ShapeColumn(name, "text", ValueKind.TEXT, !name.startsWith("reason"));
    }

    private static WritableTable writable(
            ShapeSchema.Table table,
            Optional<String> assigned,
            List<String> delta,
            List<WritableTable.Reference> references) {
        return new WritableTable(table.id(), assigned, List.of(), delta, references);
    }
}
