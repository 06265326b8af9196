package dev.warung.intake.rows;

import dev.warung.core.change.TableId;
import dev.warung.core.shape.Outlet;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.ShapeTable;
import dev.warung.core.upload.Sender;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.syntax.ClauseText;
import dev.warung.core.wire.ShapeDefinitionCodec;
import dev.warung.core.wire.WriteDefinitionCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What one outlet may write: the rows of tables that a shape of it declares writable, by the shape's clause and with the outlet's own
 * attributes.
 *
 * @param refusal why it may write nothing
 */
record OutletRights(UUID outlet, Map<TableId, Right> tables, Optional<Refusal> refusal) {

    /**
     * Of one table.
     *
     * @param columns that the outlet has; empty for all
     * @param clauses SQL that says which rows it holds: one of them must be true
     */
    record Right(WriteDefinition definition, Set<String> columns, List<String> clauses) {}

    /** Reads it, and keeps the outlet's row as it is until the transaction ends: one upload of an outlet at a time. */
    static OutletRights read(Connection connection, Sender sender) throws SQLException {
        Optional<Outlet> outlet = outlet(connection, sender);
        Optional<Refusal> refusal = refusal(outlet, sender);
        if (refusal.isPresent() || outlet.isEmpty()) {
            return new OutletRights(sender.outlet(), Map.of(), refusal);
        }
        Map<TableId, WriteDefinition> writes = writes(connection);
        Map<String, String> bindings = outlet.get().bindings();
        Map<TableId, Right> tables = new HashMap<>();
        for (Shape shape : shapes(connection)) {
            if (bindings.keySet().containsAll(shape.parameters())) {
                for (ShapeTable table : shape.tables()) {
                    WriteDefinition definition = writes.get(table.table());
                    if (definition != null && shape.writable().contains(table.table())) {
                        add(tables, definition, table, bindings);
                    }
                }
            }
        }
        return new OutletRights(sender.outlet(), tables, Optional.empty());
    }

    private static void add(
            Map<TableId, Right> tables, WriteDefinition definition, ShapeTable table, Map<String, String> bindings) {
        String clause;
        try {
            clause = table.where()
                    .map(where -> ClauseText.bound(where, new HashMap<>(bindings)))
                    .orElse("true");
        } catch (WhereException e) {
            // The router refuses such a shape too: nobody holds rows by it.
            return;
        }
        Right before = tables.get(table.table());
        List<String> clauses = new ArrayList<>(before == null ? List.of() : before.clauses());
        clauses.add(clause);
        tables.put(table.table(), new Right(definition, new LinkedHashSet<>(table.columns()), clauses));
    }

    private static Optional<Refusal> refusal(Optional<Outlet> outlet, Sender sender) {
        if (outlet.filter(o -> o.code().equals(sender.code())).isEmpty()) {
            return Optional.of(Refusal.of("unknown_outlet", "The server does not know this outlet."));
        }
        return outlet.get().enabled()
                ? Optional.empty()
                : Optional.of(
                        Refusal.of("outlet_disabled", "This outlet is disabled; its changes are kept for review."));
    }

    private static Optional<Outlet> outlet(Connection connection, Sender sender) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select code, name, attributes::text, enabled, generation from warung.outlets"
                        + " where id = ? for no key update")) {
            statement.setObject(1, sender.outlet());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Outlet(
                                sender.outlet().toString(),
                                row.getString(1),
                                row.getString(2),
                                Outlet.attributesOf(row.getString(3)),
                                row.getBoolean(4),
                                row.getInt(5)))
                        : Optional.empty();
            }
        }
    }

    private static List<Shape> shapes(Connection connection) throws SQLException {
        List<Shape> shapes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select name, definition::text from warung.shapes order by name")) {
            while (row.next()) {
                shape(row.getString(1), row.getString(2)).ifPresent(shapes::add);
            }
        }
        return shapes;
    }

    /** Empty if it is broken: 'shapes list' names it, and no outlet holds it. */
    private static Optional<Shape> shape(String name, String definition) {
        try {
            return Optional.of(ShapeDefinitionCodec.decode(name, definition));
        } catch (ShapeException e) {
            return Optional.empty();
        }
    }

    private static Map<TableId, WriteDefinition> writes(Connection connection) throws SQLException {
        Map<TableId, WriteDefinition> writes = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select table_name, definition::text from warung.writes")) {
            while (row.next()) {
                TableId table = TableId.parse(row.getString(1));
                definition(table, row.getString(2)).ifPresent(definition -> writes.put(table, definition));
            }
        }
        return writes;
    }

    /** Empty if it is broken: the router says so in its status, and tells no outlet that it may write the table. */
    private static Optional<WriteDefinition> definition(TableId table, String definition) {
        try {
            return Optional.of(WriteDefinitionCodec.decode(table, definition));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
