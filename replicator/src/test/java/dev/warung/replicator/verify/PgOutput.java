package dev.warung.replicator.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the messages of pgoutput, protocol version 1, as text. */
final class PgOutput {

    /** A message; the kind is the protocol's letter. */
    record Message(char kind, int relation, long endLsn, List<@Nullable String> before, List<@Nullable String> after) {}

    private PgOutput() {}

    static Message read(ByteBuffer buffer) {
        char kind = (char) buffer.get();
        return switch (kind) {
            case 'C' -> {
                buffer.get();
                buffer.getLong();
                yield new Message(kind, 0, buffer.getLong(), List.of(), List.of());
            }
            case 'I' -> {
                int relation = buffer.getInt();
                buffer.get();
                yield new Message(kind, relation, 0, List.of(), tuple(buffer));
            }
            case 'D' -> {
                int relation = buffer.getInt();
                buffer.get();
                yield new Message(kind, relation, 0, tuple(buffer), List.of());
            }
            case 'U' -> {
                int relation = buffer.getInt();
                List<@Nullable String> before = buffer.get() == 'N' ? List.of() : tuple(buffer);
                if (!before.isEmpty()) {
                    buffer.get();
                }
                yield new Message(kind, relation, 0, before, tuple(buffer));
            }
            case 'T' -> {
                buffer.getInt();
                buffer.get();
                yield new Message(kind, buffer.getInt(), 0, List.of(), List.of());
            }
            default -> new Message(kind, 0, 0, List.of(), List.of());
        };
    }

    private static List<@Nullable String> tuple(ByteBuffer buffer) {
        int count = buffer.getShort();
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte kind = buffer.get();
            if (kind == 't') {
                byte[] data = new byte[buffer.getInt()];
                buffer.get(data);
                values.add(new String(data, StandardCharsets.UTF_8));
            } else {
                values.add(null);
            }
        }
        return values;
    }
}
