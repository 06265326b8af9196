package dev.warung.capture.source;

import dev.warung.capture.history.CatalogueChange;
import dev.warung.capture.history.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Describes tables whose generation has to begin anew. */
public final class RepairReader {

    private final SourceConnections connections;

    public RepairReader(SourceConnections connections) {
        this.connections = connections;
    }

    /** What makes each of these tables begin a new generation with a copy; those that are gone are dropped. */
    public CatalogueChange read(Collection<Long> oids) {
        try (Connection connection = connections.open()) {
            List<TableShape> shapes = Catalog.describe(connection, oids).stream()
                    .map(SourceTable::shape)
                    .toList();
            Set<Long> dropped = new HashSet<>(oids);
            shapes.forEach(shape -> dropped.remove(shape.oid()));
            return new CatalogueChange(shapes, dropped, new HashSet<>(oids), Set.of());
        } catch (SQLException e) {
            throw SnapshotCopy.failure("Tables cannot be described", e);
        }
    }
}
