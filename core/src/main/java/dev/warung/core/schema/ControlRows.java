package dev.warung.core.schema;

import dev.warung.core.change.TableId;
import java.util.List;

/**
 * The tables of the control schema whose rows travel as an application's do: captured always, whatever the table patterns are, and
 * in every backup.
 */
public final class ControlRows {

    /** The schema of all that belongs to Warung itself. */
    public static final String SCHEMA = "warung";

    /** The shapes: columns {@code name}, {@code definition}, {@code applied_at}. */
    public static final TableId SHAPES = new TableId(SCHEMA, "shapes");

    /**
     * The outlets: columns {@code id}, {@code code}, {@code name}, {@code attributes}, {@code enabled}, {@code generation}, {@code
     * created_at}.
     */
    public static final TableId OUTLETS = new TableId(SCHEMA, "outlets");

    /** How tables take what outlets write: columns {@code table_name}, {@code definition}, {@code applied_at}. */
    public static final TableId WRITES = new TableId(SCHEMA, "writes");

    /** What became of each op of an outlet. */
    public static final TableId LEDGER = new TableId(SCHEMA, "ledger");

    /** Writes that met a row that was changed elsewhere. */
    public static final TableId CONFLICTS = new TableId(SCHEMA, "conflicts");

    /** The ids that the server gave to rows that outlets made. */
    public static final TableId ID_MAP = new TableId(SCHEMA, "id_map");

    /** A row for each upload. */
    public static final TableId SYNC_LOG = new TableId(SCHEMA, "sync_log");

    /** The files of outlets that have sent something, each with its newest nonce. */
    public static final TableId OUTLET_SESSIONS = new TableId(SCHEMA, "outlet_sessions");

    /** Copies of outlets' files that were found, by the nonce that they sent. */
    public static final TableId OUTLET_COPIES = new TableId(SCHEMA, "outlet_copies");

    /** In the order in which a set-up makes them. */
    public static final List<TableId> TABLES =
            List.of(SHAPES, OUTLETS, WRITES, LEDGER, CONFLICTS, ID_MAP, SYNC_LOG, OUTLET_SESSIONS, OUTLET_COPIES);

    private ControlRows() {}

    /** Whether it is one of them. */
    public static boolean has(TableId table) {
        return TABLES.contains(table);
    }
}
