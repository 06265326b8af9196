package dev.warung.intake.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.warung.core.upload.RowImage;
import dev.warung.core.wire.ApiReply;
import dev.warung.core.wire.UploadCodec;
import dev.warung.intake.rows.ConflictDesk;
import java.util.Optional;

/** A conflict as JSON, with the names of {@code warung.conflicts}. */
public final class ConflictJson {

    private ConflictJson() {}

    public static ObjectNode of(ConflictDesk.Entry entry) {
        ObjectNode node = ApiReply.JSON.createObjectNode();
        node.put("id", entry.id().toString());
        node.put("op", entry.op().toString());
        node.put("outlet", entry.code());
        node.put("table", entry.table().toString());
        node.putRawValue("key", raw(entry.key()));
        put(node, "base", entry.base());
        put(node, "client", entry.client());
        put(node, "server", entry.server());
        node.put("policy", entry.policy());
        node.put("state", entry.state());
        node.put("resolution", entry.resolution().orElse(null));
        put(node, "result", entry.result());
        node.put("resolved_by", entry.resolvedBy().orElse(null));
        node.put("created_at", entry.createdAt());
        return node;
    }

    private static void put(ObjectNode node, String field, Optional<RowImage> row) {
        row.ifPresentOrElse(image -> node.putRawValue(field, raw(image)), () -> node.putNull(field));
    }

    private static RawValue raw(RowImage row) {
        return new RawValue(UploadCodec.json(row));
    }
}
