package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.RefusedException;
import dev.warung.core.upload.apply.WriteStore;
import dev.warung.core.wire.UploadCodec;
import dev.warung.intake.rows.ConflictDesk.Choice;
import dev.warung.intake.rows.ConflictDesk.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * What an outlet has decided about one of its conflicts, in its upload's transaction. What it may not write in any other way it may not write
 * so either.
 */
record OutletDecision(Connection connection, OutletRights rights, WriteStore store) {

    /** @throws RefusedException if the conflict is not this outlet's, is not open, or the row is not one that it may write so */
    void perform(Decision decision) throws SQLException {
        ConflictRows conflicts = new ConflictRows(connection);
        Entry entry = conflicts.open(decision.conflict());
        if (!rights.outlet().equals(entry.outlet())) {
            throw new RefusedException(Refusal.of("unknown", "There is no conflict " + entry.id() + "."));
        }
        WritableTable table = store.definition(entry.table())
                .orElseThrow(() -> new RefusedException(Refusal.of(
                        "not_writable", "Changes of " + entry.table().name() + " are not accepted from this outlet.")))
                .table();
        Choice choice = choice(decision, entry, table);
        requireHeld(entry.table(), entry.key());
        conflicts.resolve(entry, choice, "outlet " + entry.code());
        requireHeld(entry.table(), entry.key());
    }

    private Choice choice(Decision decision, Entry entry, WritableTable table) {
        return switch (decision.resolution()) {
            case SERVER_WINS -> new Choice.Server();
            case CLIENT_WINS -> new Choice.Client();
            case MERGED -> new Choice.Merged(columns(decision, entry, table));
        };
    }

    private RowImage columns(Decision decision, Entry entry, WritableTable table) {
        RowImage columns;
        try {
            columns = UploadCodec.row(decision.values().orElse("{}"));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(new Refusal(
                    "no_decision", "The values of the row cannot be read.", String.valueOf(e.getMessage())));
        }
        Set<String> known = store.columns(entry.table());
        for (String column : columns.columns()) {
            if (!known.contains(column)
                    || entry.key().has(column)
                    || table.generated().contains(column)) {
                throw new RefusedException(Refusal.of(
                        "unknown_column",
                        "The server takes no column " + column + " of "
                                + entry.table().name() + " from this outlet."));
            }
        }
        return columns;
    }

    private void requireHeld(TableId table, RowImage key) {
        Optional<RowImage> row = store.lock(table, key);
        if (row.isPresent() && !store.isHeld(table, key)) {
            throw new RefusedException(
                    Refusal.of("not_yours", "This row of " + table.name() + " does not belong to this outlet."));
        }
    }
}
