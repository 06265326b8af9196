package dev.warung.core.wire;

import java.nio.ByteBuffer;

/** The headers that every record of a table topic and of the schema topic carries, tombstones too. */
public final class Headers {

    /** The change id in its 20-byte binary form. */
    public static final String ID = "id";

    /** The schema version that the row was written under, 4 bytes, big-endian. */
    public static final String VERSION = "v";

    private Headers() {}

    public static byte[] versionBytes(int version) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(version).array();
    }

    /** @throws IllegalArgumentException if the header does not have 4 bytes */
    public static int version(byte[] bytes) {
        if (bytes.length != Integer.BYTES) {
            throw new IllegalArgumentException("a schema version has 4 bytes, not " + bytes.length);
        }
        return ByteBuffer.wrap(bytes).getInt();
    }
}
