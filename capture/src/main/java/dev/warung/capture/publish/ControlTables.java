package dev.warung.capture.publish;

import dev.warung.core.change.TableId;

/** The tables of capture's own schema whose rows mean something to capture itself; they have no topics. */
final class ControlTables {

    private static final String SCHEMA = "warung";

    /** What the event trigger tells: column {@code change}, JSON. */
    static final TableId DDL_LOG = new TableId(SCHEMA, "ddl_log");

    static final String DDL_CHANGE = "change";

    /** One row that is updated every few seconds: columns {@code counter} and {@code nonce}. */
    static final TableId HEARTBEAT = new TableId(SCHEMA, "heartbeat");

    static final String HEARTBEAT_COUNTER = "counter";
    static final String HEARTBEAT_NONCE = "nonce";

    /** One row that the reader of a chunk updates: column {@code chunk}, a UUID. */
    static final TableId WATERMARK = new TableId(SCHEMA, "watermark");

    static final String WATERMARK_CHUNK = "chunk";

    private ControlTables() {}

    static boolean isControl(TableId table) {
        return table.schema().equals(SCHEMA)
                && (table.equals(DDL_LOG) || table.equals(HEARTBEAT) || table.equals(WATERMARK));
    }
}
