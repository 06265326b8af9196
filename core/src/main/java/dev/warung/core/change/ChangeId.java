package dev.warung.core.change;

import java.nio.ByteBuffer;

/**
 * The place of a change in PostgreSQL's commit order: the same after every restart, unique, and growing (I5).
 *
 * <p>{@code epoch} grows with every new slot, system identifier, timeline or LSN that went back. {@code commit} is the
 * commit LSN of the <em>previous</em> transaction, because that is what is known when a transaction begins; it is zero for
 * the rows of the initial copy, so they sort before the stream of their epoch. {@code ordinal} counts inside the transaction.
 *
 * <p>Text form {@code 1/0/16B3748/12}; {@code 1/12} is refused.
 */
public record ChangeId(int epoch, Lsn commit, long ordinal) implements Comparable<ChangeId> {

    /** Before every change. */
    public static final ChangeId NONE = new ChangeId(0, Lsn.ZERO, 0);

    /** Length of the binary form, which sorts bytewise in the order of change ids. */
    public static final int BYTES = Integer.BYTES + Long.BYTES + Long.BYTES;

    private static final int PARTS = 4;

    public ChangeId {
        if (epoch < 0 || ordinal < 0) {
            throw new IllegalArgumentException("epoch and ordinal must not be negative: " + epoch + ", " + ordinal);
        }
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putInt(epoch)
                .putLong(commit.value())
                .putLong(ordinal)
                .array();
    }

    /** @throws IllegalArgumentException if the array is not exactly {@link #BYTES} long */
    public static ChangeId fromBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a change id has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ChangeId(buffer.getInt(), new Lsn(buffer.getLong()), buffer.getLong());
    }

    /** @throws IllegalArgumentException if the text is not {@code epoch/high/low/ordinal} */
    public static ChangeId parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("not a change id: '" + text + "'");
        }
        try {
            return new ChangeId(
                    Integer.parseInt(parts[0]), Lsn.parse(parts[1] + "/" + parts[2]), Long.parseLong(parts[3]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a change id: '" + text + "'", e);
        }
    }

    public boolean isAfter(ChangeId other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(ChangeId other) {
        if (epoch != other.epoch) {
            return Integer.compare(epoch, other.epoch);
        }
        int byCommit = commit.compareTo(other.commit);
        return byCommit != 0 ? byCommit : Long.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return epoch + "/" + commit + "/" + ordinal;
    }
}
