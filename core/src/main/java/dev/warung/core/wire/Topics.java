package dev.warung.core.wire;

import dev.warung.core.change.TableId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Every topic name, in one place. Kafka allows letters, digits, dot, underscore and hyphen, 249 at most. */
public record Topics(String prefix) {

    private static final int NAME_MAX = 200;
    /** Prefix, schema, name and generation; names that were cut have no more. */
    private static final int TABLE_PARTS = 4;
    /** What stands where a schema's name does in the topics of tables. */
    private static final Set<String> RESERVED = Set.of("shape", "outlet", "upload");

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
        String schema = RESERVED.contains(id.schema())
                ? escaped(id.schema().charAt(0)) + id.schema().substring(1)
                : escape(id.schema(), "_-");
        return name(prefix + "." + schema + "." + escape(id.name(), "_-"), id.toString(), generation);
    }

    /**
     * The rows of one generation of a shape instance. Values are escaped with their underscores, so that a name can be read back, unless
     * it is too long and cut.
     */
    public String shape(String shape, List<String> values, int generation) {
        StringBuilder name = new StringBuilder(prefix).append(".shape.").append(shape);
        values.forEach(value -> name.append('.').append(escape(value, "-")));
        return name(name.toString(), values.toString(), generation);
    }

    /** What an outlet alone reads: which topics it follows. */
    public String outlet(String code) {
        return prefix + ".outlet." + code;
    }

    /** What an outlet alone writes. */
    public String upload(String code) {
        return prefix + ".upload." + code;
    }

    /** The topics that outlets write, and no others. */
    public Pattern uploads() {
        return Pattern.compile(Pattern.quote(prefix + ".upload.") + "[A-Za-z0-9-]+");
    }

    /** The consumer group of intake, which shares the outlets' uploads out. */
    public String intakeGroup() {
        return prefix + ".intake";
    }

    /** What the router remembers, compacted. */
    public String routing() {
        return prefix + ".routing";
    }

    /** Whether a topic holds the rows of a table. */
    public boolean isTable(String topic) {
        String[] parts = topic.split("\\.", -1);
        return parts.length == TABLE_PARTS && parts[0].equals(prefix) && !RESERVED.contains(parts[1]);
    }

    /** The transactional id of the one router that may write shape topics. */
    public String routerTransactionalId() {
        return prefix + ".router";
    }

    /** The transactional id of the one capture that may write. */
    public String transactionalId() {
        return prefix + ".capture";
    }

    /** The consumer group in which a reader publishes its position for lag tools. */
    public String monitoringGroup(String role, String id) {
        return prefix + "." + role + "." + id;
    }

    private static String name(String stem, String whole, int generation) {
        String name = stem + "." + generation;
        if (name.length() <= NAME_MAX) {
            return name;
        }
        CRC32 crc = new CRC32();
        crc.update(whole.getBytes(StandardCharsets.UTF_8));
        String suffix = "-" + HexFormat.of().toHexDigits((int) crc.getValue()) + "." + generation;
        return name.substring(0, NAME_MAX - suffix.length()) + suffix;
    }

    /** @param allowed what stays as it is beside letters and digits */
    private static String escape(String name, String allowed) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 128 && (Character.isLetterOrDigit(c) || allowed.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append(escaped(c));
            }
        }
        return out.toString();
    }

    private static String escaped(char c) {
        return String.format("_x%04X_", (int) c);
    }
}
