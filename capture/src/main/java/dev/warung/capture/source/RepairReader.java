package dev.warung.capture.source;

import dev.warung.capture.history.CatalogueChange;
import dev.warung.capture.history.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes tables whose generation has to begin anew. */
public final class RepairReader {

    private final SourceConnections connections;

    public RepairReader(SourceConnections connections) {
        this.connections = connections;
    }

    /**
     * What makes each of these tables begin a new generation with a copy; those that are gone are dropped. A table whose replica identity
     * was changed is left out if it could be given back: that stands in the stream, and is where the copy must begin.
     */
    public CatalogueChange read(Collection<Long> oids) {
        try (Connection connection = connections.open()) {
            Set<Long> lost = lost(Catalog.describe(connection, oids));
            Set<Long> restored = new HashSet<>(lost);
            if (!lost.isEmpty()) {
                poll(connection);
            }
            List<SourceTable> tables = Catalog.describe(connection, oids);
            restored.removeAll(lost(tables));
            Set<Long> dropped = new HashSet<>(oids);
            tables.forEach(table -> dropped.remove(table.shape().oid()));
            List<TableShape> shapes = tables.stream()
                    .map(SourceTable::shape)
                    .filter(shape -> !restored.contains(shape.oid()))
                    .toList();
            return new CatalogueChange(shapes, dropped, new HashSet<>(oids), Set.of());
        } catch (SQLException e) {
            throw SnapshotCopy.failure("Tables cannot be described", e);
        }
    }

    private static Set<Long> lost(List<SourceTable> tables) {
        return tables.stream()
                .filter(SourceTable::identityLost)
                .map(table -> table.shape().oid())
                .collect(Collectors.toSet());
    }

    private static void poll(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select warung.poll()");
        }
    }
}
