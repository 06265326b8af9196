package dev.warung.core.shape;

import dev.warung.core.schema.ControlRows;
import java.util.List;
import java.util.Optional;

/**
 * The shape by which an outlet learns what became of its own writes. Nobody declares it: each outlet that may write a table holds it.
 */
public final class SyncShape {

    /** No other shape has this name. */
    public static final String NAME = "sync";

    /** The attribute that every outlet has without being given it: its code. */
    public static final String PARAMETER = "outlet_code";

    private static final String OWN = "outlet_code = :outlet_code";

    public static final Shape SHAPE = new Shape(
            NAME,
            List.of(PARAMETER),
            List.of(
                    new ShapeTable(
                            ControlRows.LEDGER,
                            List.of(
                                    "op",
                                    "table_name",
                                    "row_key",
                                    "kind",
                                    "status",
                                    "reason_code",
                                    "reason",
                                    "effective_at",
                                    "clock_suspect",
                                    "received_at"),
                            Optional.of(OWN)),
                    new ShapeTable(ControlRows.CONFLICTS, List.of(), Optional.of(OWN)),
                    new ShapeTable(ControlRows.ID_MAP, List.of(), Optional.of(OWN)),
                    new ShapeTable(ControlRows.SYNC_LOG, List.of(), Optional.of(OWN)),
                    new ShapeTable(ControlRows.OUTLET_SESSIONS, List.of(), Optional.of(OWN)),
                    new ShapeTable(ControlRows.OUTLET_COPIES, List.of(), Optional.of(OWN))),
            List.of());

    private SyncShape() {}
}
