package dev.warung.outlet.simulation;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.apply.OpResult;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.core.upload.apply.Verdict.Dispute;
import dev.warung.core.upload.apply.WriteStore;
import dev.warung.core.wire.ShapeSchema.Table;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.simulation.Server.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server's rows as one outlet may write them, for one upload, with the ledger beside them. */
final class MemoryStore implements WriteStore {

    private static final int MICROS_DIGITS = 17;

    private final Server server;
    private final OutletId outlet;
    private final long receivedUs;
    private final PlantedBug bug;
    private final Deque<Integer> savepoints = new ArrayDeque<>();
    private final List<OpResult> results = new ArrayList<>();

    MemoryStore(Server server, OutletId outlet, long receivedUs, PlantedBug bug) {
        this.server = server;
        this.outlet = outlet;
        this.receivedUs = receivedUs;
        this.bug = bug;
    }

    /** What became of the ops that were new. */
    List<OpResult> results() {
        return results;
    }

    @Override
    public Map<UUID, byte[]> ledgered(Collection<UUID> ops) {
        Map<UUID, byte[]> known = new HashMap<>();
        for (UUID op : ops) {
            server.find(ledgerRow(op)).ifPresent(row -> known.put(op, hash(row)));
        }
        return bug == PlantedBug.LEDGER_OFF ? Map.of() : known;
    }

    @Override
    public Optional<WriteDefinition> definition(TableId table) {
        return Optional.ofNullable(Shop.WRITES.get(table));
    }

    @Override
    public Set<String> columns(TableId table) {
        return table(table).columns().stream().map(c -> c.name()).collect(Collectors.toSet());
    }

    @Override
    public Optional<RowImage> lock(TableId table, RowImage key) {
        return server.find(row(table, key));
    }

    @Override
    public RowImage canonical(TableId table, RowImage row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        table(table).columns().stream()
                .filter(column -> row.has(column.name()))
                .forEach(column -> values.put(column.name(), Shop.canonical(column, row.get(column.name()))));
        return new RowImage(values);
    }

    @Override
    public long changedAtUs(TableId table, RowImage key) {
        Row row = row(table, key);
        Optional<String> updatedAt = updatedAt(table);
        return updatedAt.isPresent()
                ? server.find(row)
                        .map(found -> found.text(updatedAt.get()))
                        .map(Long::valueOf)
                        .orElse(receivedUs)
                : server.writtenAtUs(row).orElse(receivedUs);
    }

    @Override
    public boolean isHeld(TableId table, RowImage key) {
        return server.find(row(table, key))
                .filter(row -> table.equals(Shop.PELANGGAN.id()) || Shop.isHeld(Shop.BRANCH, outlet, row))
                .isPresent();
    }

    @Override
    public RowImage insert(TableId id, RowImage row, long atUs) {
        Table table = table(id);
        RowImage stored = Shop.canonical(table, row);
        Optional<String> assigned =
                Objects.requireNonNull(Shop.WRITES.get(id)).table().assigned();
        if (assigned.isPresent() && !row.has(assigned.get())) {
            stored = stored.with(assigned.get(), server.nextId());
        }
        if (server.find(new Row(id, Shop.key(table, stored))).isPresent()) {
            throw refused("duplicate");
        }
        write(table, stored, atUs);
        return stored.only(table.key());
    }

    @Override
    public void update(TableId id, RowImage key, RowImage columns, long atUs) {
        Table table = table(id);
        RowImage changed = server.find(row(id, key)).orElseThrow(() -> refused("gone"));
        for (String column : columns.columns()) {
            changed = changed.with(column, columns.get(column));
        }
        write(table, Shop.canonical(table, changed), atUs);
    }

    @Override
    public void delete(TableId table, RowImage key) {
        if (table.equals(Shop.TRANSAKSI.id())
                && server.rows(Shop.ITEM).stream()
                        .anyMatch(item -> Objects.equals(item.get("transaksi_id"), key.get("id")))) {
            throw refused("foreign_key");
        }
        server.remove(row(table, key));
    }

    @Override
    public void requireRules(TableId table, RowImage key) {
        Optional<String> broken = server.find(row(table, key)).flatMap(row -> Shop.broken(table(table), row));
        if (broken.isPresent()) {
            throw refused("rule");
        }
    }

    @Override
    public void requireConstraints() {
        // None is put off.
    }

    @Override
    public Optional<UUID> maker(TableId table, long localId) {
        return given(table, localId).map(row -> UUID.fromString((String) Objects.requireNonNull(row.get("op"))));
    }

    private Optional<RowImage> given(TableId table, long localId) {
        return server.find(new Row(Shop.ID_MAP.id(), List.of(outlet.code(), table.toString(), localId)));
    }

    @Override
    public OptionalLong assigned(TableId table, long localId) {
        return given(table, localId)
                .map(row -> OptionalLong.of((Long) Objects.requireNonNull(row.get("server_id"))))
                .orElse(OptionalLong.empty());
    }

    @Override
    public void assign(TableId table, long localId, long serverId, UUID op) {
        server.put(
                Shop.ID_MAP,
                new RowImage(Map.of(
                        "outlet_code",
                        outlet.code(),
                        "table_name",
                        table.toString(),
                        "local_id",
                        localId,
                        "server_id",
                        serverId,
                        "op",
                        op.toString())));
    }

    @Override
    public void begin() {
        savepoints.push(server.mark());
    }

    @Override
    public void keep() {
        savepoints.pop();
    }

    @Override
    public void undo() {
        server.undoTo(savepoints.pop());
    }

    @Override
    public void record(OpResult result) {
        UploadOp op = result.op();
        if (bug != PlantedBug.LEDGER_OFF && server.find(ledgerRow(op.id())).isPresent()) {
            throw new Violation("I6", "op " + op.id() + " gets a second final state");
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("op", op.id().toString());
        row.put("table_name", op.table().toString());
        row.put("kind", op.kind().name());
        row.put("status", result.status().name().toLowerCase(Locale.ROOT));
        row.put("reason_code", result.refusal().map(Refusal::code).orElse(null));
        row.put("reason", result.refusal().map(Refusal::reason).orElse(null));
        row.put("effective_at", timestamp(result.effective().atUs()));
        row.put("received_at", timestamp(receivedUs));
        row.put("outlet_code", outlet.code());
        row.put("hash", new String(UploadCodec.hash(op), StandardCharsets.ISO_8859_1));
        server.put(Shop.LEDGER, new RowImage(row));
        results.add(result);
    }

    @Override
    public void record(Conflict conflict) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", new UUID(0, server.nextId()).toString());
        row.put("op", conflict.op().id().toString());
        row.put("state", conflict.dispute() == Dispute.OPEN ? "open" : "resolved");
        row.put("outlet_code", outlet.code());
        row.put("of_table", conflict.op().table().toString());
        row.put("of_key", conflict.op().key().text("id"));
        row.put("wants", conflict.op().after().map(UploadCodec::json).orElse(null));
        server.put(Shop.CONFLICTS, new RowImage(row));
    }

    static String timestamp(long us) {
        return String.format(Locale.ROOT, "%0" + MICROS_DIGITS + "d", us);
    }

    static Row ledgerRow(UUID op) {
        return new Row(Shop.LEDGER.id(), List.of(op.toString()));
    }

    private void write(Table table, RowImage image, long atUs) {
        RowImage row = image;
        Optional<String> updatedAt = updatedAt(table.id());
        Row place = new Row(table.id(), Shop.key(table, row));
        if (updatedAt.isPresent()) {
            long before = server.find(place)
                    .map(old -> Long.parseLong(String.valueOf(old.get(updatedAt.get()))))
                    .orElse(atUs);
            row = row.with(updatedAt.get(), timestamp(Math.max(before, atUs)));
        }
        if (Shop.ITEM.equals(table)
                && server.find(new Row(Shop.TRANSAKSI.id(), List.of(Objects.requireNonNull(row.get("transaksi_id")))))
                        .isEmpty()) {
            throw refused("foreign_key");
        }
        if (Shop.CATATAN.equals(table) && isTitleTaken(row)) {
            throw refused("unique");
        }
        server.put(table, row);
        if (updatedAt.isEmpty()) {
            server.noteTime(place, atUs);
        }
    }

    private boolean isTitleTaken(RowImage row) {
        return server.rows(Shop.CATATAN).stream()
                .anyMatch(other -> Objects.equals(other.get("judul"), row.get("judul"))
                        && !Objects.equals(other.get("id"), row.get("id")));
    }

    private static Optional<String> updatedAt(TableId table) {
        return Optional.ofNullable(Shop.WRITES.get(table))
                .map(WriteDefinition::policy)
                .flatMap(WritePolicy::updatedAt);
    }

    private static byte[] hash(RowImage ledgerRow) {
        return String.valueOf(ledgerRow.get("hash")).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Row row(TableId table, RowImage key) {
        return new Row(table, Shop.key(table(table), key));
    }

    private static Table table(TableId id) {
        return Objects.requireNonNull(Shop.TABLES.get(id));
    }

    private static RefusedException refused(String code) {
        return new RefusedException(Refusal.of(code, "It cannot be saved: " + code + "."));
    }
}
