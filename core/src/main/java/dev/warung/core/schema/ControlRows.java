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

    public static final List<TableId> TABLES = List.of(SHAPES, OUTLETS);

    private ControlRows() {}

    /** Whether it is one of them. */
    public static boolean has(TableId table) {
        return TABLES.contains(table);
    }
}
