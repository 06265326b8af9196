package dev.warung.stack.intake;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Sender;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadOp.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An outlet that writes, without a file: each op is a local transaction of its own. */
final class Till {

    private Sender sender;
    private final List<UploadGroup> groups = new ArrayList<>();
    private Instant at;
    private long number;

    Till(UUID outlet, String code, Instant at) {
        this.sender = new Sender(outlet, code, 1, 1, Optional.empty());
        this.at = at;
    }

    /** Columns and values in turn. */
    static RowImage row(@Nullable Object... pairs) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            Object value = pairs[i + 1];
            values.put(String.valueOf(pairs[i]), value instanceof Integer number ? (Object) number.longValue() : value);
        }
        return new RowImage(values);
    }

    /** What comes now is sent by this file. */
    Till from(FileIdentity file) {
        sender = new Sender(sender.outlet(), sender.code(), 1, sender.session() + 1, Optional.of(file));
        return this;
    }

    /** What comes now was written at that time, by the device's clock. */
    Till at(Instant time) {
        at = time;
        return this;
    }

    UploadOp insert(String table, RowImage row) {
        return add(op(table, Kind.INSERT, key(table, row), null, row));
    }

    UploadOp update(String table, RowImage before, RowImage after) {
        return add(op(table, Kind.UPDATE, key(table, before), before, after));
    }

    UploadOp delete(String table, RowImage before) {
        return add(op(table, Kind.DELETE, key(table, before), before, null));
    }

    /** Decides a conflict. */
    UploadOp decide(Decision decision) {
        return add(decision.op(UUID.randomUUID()));
    }

    /** All that was written since the last upload. */
    Upload upload(Instant sentAt) {
        Upload upload = Upload.whole(UUID.randomUUID(), sender, micros(sentAt), groups);
        groups.clear();
        return upload;
    }

    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }

    private UploadOp add(UploadOp op) {
        groups.add(new UploadGroup(++number, micros(at), List.of(op)));
        return op;
    }

    private static UploadOp op(
            String table, Kind kind, RowImage key, @Nullable RowImage before, @Nullable RowImage after) {
        return new UploadOp(
                UUID.randomUUID(),
                new TableId("public", table),
                kind,
                key,
                Optional.ofNullable(before),
                Optional.ofNullable(after));
    }

    private static RowImage key(String table, RowImage row) {
        return row.only(table.equals("stok") ? List.of("produk_id", "outlet_id") : List.of("id"));
    }
}
