package dev.warung.outlet.write;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.outlet.write.Touches.Touch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;

/** Makes ops of what the triggers wrote down. Thread: any. */
public final class LocalOps {

    private final IntFunction<Optional<RowValues>> tables;
    private final Rows rows;
    private final UUID file;

    /** What stands in the tables now. */
    public interface Rows {
        /** @param keyText of {@link RowValues#keyText} */
        Optional<RowImage> find(RowValues table, String keyText);
    }

    /**
     * Makes ops for one file.
     *
     * @param tables by the journal's number; writes of tables that are gone are left out
     * @param file which one
     */
    public LocalOps(IntFunction<Optional<RowValues>> tables, Rows rows, UUID file) {
        this.tables = tables;
        this.rows = rows;
        this.file = file;
    }

    /**
     * One op.
     *
     * @param rowKey the row's key as the outlet notes it
     * @param atMs when it was written
     */
    public record LocalOp(UploadOp op, String rowKey, long atMs) {}

    private record Ordered(long order, LocalOp op) {}

    /** The ops of whole local transactions, in the order in which they were done; what changed nothing is left out. */
    public List<LocalOp> of(List<JournalEntry> journal) {
        List<Ordered> ops = new ArrayList<>();
        List<JournalEntry> known = new ArrayList<>();
        for (JournalEntry entry : journal) {
            // Programs with different versions of SQLite may spell a key differently.
            tables.apply(entry.table()).ifPresent(table -> known.add(entry.withKey(table.keyFromJournal(entry.key()))));
        }
        Touches.of(known)
                .forEach((row, touches) -> addOps(ops, tables.apply(row.table()).orElseThrow(), row.key(), touches));
        return ops.stream()
                .sorted(Comparator.comparingLong(Ordered::order))
                .map(Ordered::op)
                .toList();
    }

    private void addOps(List<Ordered> ops, RowValues table, String rowKey, List<Touch> touches) {
        Optional<RowImage> after = rows.find(table, rowKey);
        for (int i = touches.size() - 1; i >= 0; i--) {
            Touch touch = touches.get(i);
            Optional<RowImage> before =
                    Optional.ofNullable(touch.entry().before()).map(table::fromJournal);
            op(table, rowKey, before, after, id(touch.entry()))
                    .ifPresent(op -> ops.add(new Ordered(
                            touch.order(), new LocalOp(op, rowKey, touch.entry().atMs()))));
            after = before;
        }
    }

    private static Optional<UploadOp> op(
            RowValues table, String rowKey, Optional<RowImage> before, Optional<RowImage> after, UUID id) {
        if (Objects.equals(before, after)) {
            return Optional.empty();
        }
        UploadOp.Kind kind =
                before.isEmpty() ? UploadOp.Kind.INSERT : after.isEmpty() ? UploadOp.Kind.DELETE : UploadOp.Kind.UPDATE;
        return Optional.of(new UploadOp(id, table.table().id(), kind, table.keyRow(rowKey), before, after));
    }

    /** A new UUID of version 7: for an op that no write of a row has made. */
    public static UUID newId(long atMs) {
        UUID random = UUID.randomUUID();
        return new UUID(
                atMs << 16 | 0x7000 | random.getMostSignificantBits() & 0xFFF, random.getLeastSignificantBits());
    }

    /**
     * A UUID of version 7, which sorts by the time of the write, about. It is the same whenever it is made of the same entry: if a file is
     * copied before its journal has become ops, both copies make the same op of it, and the server does it once.
     */
    private UUID id(JournalEntry entry) {
        try {
            String whole = String.join(
                    "\0",
                    file.toString(),
                    String.valueOf(entry.seq()),
                    String.valueOf(entry.table()),
                    entry.kind(),
                    entry.key(),
                    String.valueOf(entry.before()),
                    String.valueOf(entry.atMs()));
            ByteBuffer hash = ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8)));
            long high = (entry.atMs() << 16) | 0x7000 | (hash.getLong() >>> 52);
            return new UUID(high, (hash.getLong() >>> 2) | Long.MIN_VALUE);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
