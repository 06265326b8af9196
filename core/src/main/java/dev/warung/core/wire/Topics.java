package dev.warung.core.wire;

import dev.warung.core.change.TableId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Every topic name, in one place. Kafka allows letters, digits, dot, underscore and hyphen, 249 at most. */
public record Topics(String prefix) {

    private static final int NAME_MAX = 200;

    public Topics {
        if (!prefix.matches("[A-Za-z0-9_-]{1,40}")) {
            throw new IllegalArgumentException(
                    "the topic prefix has 1 to 40 letters, digits, '_' or '-', not '" + prefix + "'");
        }
    }

    /** One record for each Kafka transaction of capture, in order. */
    public String commits() {
        return prefix + ".commits";
    }

    /** The newest {@link PositionRecord}, compacted. */
    public String position() {
        return prefix + ".position";
    }

    /** The history of every table's description, kept for ever. */
    public String schema() {
        return prefix + ".schema";
    }

    /** The rows of one generation of a table; the name is the one that the table had when the generation began. */
    public String table(TableId id, int generation) {
        String name = prefix + "." + escape(id.schema()) + "." + escape(id.name()) + "." + generation;
        if (name.length() <= NAME_MAX) {
            return name;
        }
        CRC32 crc = new CRC32();
        crc.update(id.toString().getBytes(StandardCharsets.UTF_8));
        String suffix = "-" + HexFormat.of().toHexDigits((int) crc.getValue()) + "." + generation;
        return name.substring(0, NAME_MAX - suffix.length()) + suffix;
    }

    /** The transactional id of the one capture that may write. */
    public String transactionalId() {
        return prefix + ".capture";
    }

    /** The consumer group in which a reader publishes its position for lag tools. */
    public String monitoringGroup(String role, String id) {
        return prefix + "." + role + "." + id;
    }

    private static String escape(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
                out.append(c);
            } else {
                out.append(String.format("_x%04X_", (int) c));
            }
        }
        return out.toString();
    }
}
