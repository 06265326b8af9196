package dev.warung.stack.fleet;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.stack.fleet.ShapesPlan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a file would change in {@code warung.writes}: each table that a shape lets outlets write has a row there, with what PostgreSQL's
 * catalogue says of it.
 *
 * @param definitions of all tables that outlets may write
 * @param steps what happens to each row, by table
 */
public record WritesPlan(
        Map<TableId, WriteDefinition> definitions, Map<TableId, Step> steps, List<ShapeProblem> problems) {

    private static final Set<String> WHOLE_NUMBERS = Set.of("smallint", "integer", "bigint");

    public WritesPlan {
        definitions = Map.copyOf(definitions);
        steps = Map.copyOf(steps);
        problems = List.copyOf(problems);
    }

    /** @param shapes all that there will be, those that are not in the file and stay too */
    static WritesPlan of(Connection connection, ShapesFile file, Collection<Shape> shapes, CapturedSchemas schemas)
            throws SQLException {
        Set<TableId> writable = new TreeSet<>();
        shapes.forEach(shape -> writable.addAll(shape.writable()));
        Checker checker = new Checker(connection, new ArrayList<>());
        Map<TableId, Optional<WriteDefinition>> stored = new WriteRows(connection).read();
        Map<TableId, WritesEntry> declared = new TreeMap<>();
        for (WritesEntry entry : file.writes()) {
            declared.put(entry.table(), entry);
            if (!writable.contains(entry.table())) {
                checker.report(entry.table(), "no shape lists it as writable");
            }
        }
        Map<TableId, WritesEntry> entries = new TreeMap<>();
        Map<TableId, WriteDefinition> definitions = new TreeMap<>();
        Map<TableId, Step> steps = new TreeMap<>();
        for (TableId table : writable) {
            Optional<TableSchema> schema = schemas.find(Optional.of(table.schema()), table.name());
            if (schema.isPresent()) {
                WritesEntry entry =
                        Objects.requireNonNullElseGet(declared.get(table), () -> entry(table, stored, file));
                entries.put(table, entry);
                WriteDefinition definition = checker.definition(entry, schema.get(), writable);
                definitions.put(table, definition);
                Optional<WriteDefinition> before = stored.getOrDefault(table, Optional.empty());
                steps.put(
                        table,
                        !stored.containsKey(table)
                                ? Step.ADD
                                : before.filter(definition::equals).isPresent() ? Step.KEEP : Step.CHANGE);
            }
        }
        for (WritesEntry entry : entries.values()) {
            if (isOfFile(entry.table(), file)) {
                checker.checkReferences(
                        entry,
                        schemas.find(
                                Optional.of(entry.table().schema()),
                                entry.table().name()),
                        definitions);
            }
        }
        stored.keySet().stream()
                .filter(table -> !writable.contains(table))
                .forEach(table -> steps.put(table, Step.REMOVE));
        return new WritesPlan(definitions, steps, checker.problems);
    }

    /** A table that only shapes of other files write keeps what those declared. */
    private static WritesEntry entry(TableId table, Map<TableId, Optional<WriteDefinition>> stored, ShapesFile file) {
        return stored.getOrDefault(table, Optional.empty())
                .filter(definition -> !isOfFile(table, file))
                .map(definition -> new WritesEntry(
                        table, definition.policy(), definition.table().delta(), List.of()))
                .orElseGet(() -> WritesEntry.of(table));
    }

    /** What other files declare was checked when those were applied. */
    private static boolean isOfFile(TableId table, ShapesFile file) {
        return file.shapes().stream().anyMatch(shape -> shape.writable().contains(table));
    }

    void apply(Connection connection) throws SQLException {
        WriteRows rows = new WriteRows(connection);
        for (Map.Entry<TableId, Step> step : steps.entrySet()) {
            WriteDefinition definition = definitions.get(step.getKey());
            if (step.getValue() == Step.REMOVE) {
                rows.remove(step.getKey());
            } else if (step.getValue() != Step.KEEP && definition != null) {
                rows.put(definition);
            }
        }
    }

    private record Checker(Connection connection, List<ShapeProblem> problems) {

        WriteDefinition definition(WritesEntry entry, TableSchema schema, Set<TableId> writable) throws SQLException {
            WriteStructure structure = WriteStructure.read(connection, schema.id(), writable);
            checkColumns(entry, schema);
            for (WritePolicy.Rule rule : entry.policy().rules()) {
                checkRule(schema.id(), rule);
            }
            List<String> generated = schema.copiedColumns().stream()
                    .filter(column -> column.generated() != Generated.NO)
                    .map(Column::name)
                    .toList();
            return new WriteDefinition(
                    new WritableTable(
                            schema.id(), assigned(schema, structure), generated, entry.delta(), structure.references()),
                    entry.policy());
        }

        private Optional<String> assigned(TableSchema schema, WriteStructure structure) {
            List<String> assigned =
                    schema.key().stream().filter(structure.assigned()::contains).toList();
            if (assigned.isEmpty()) {
                return Optional.empty();
            }
            String column = assigned.get(0);
            boolean isWhole = schema.column(column)
                    .filter(c -> WHOLE_NUMBERS.contains(c.type()))
                    .isPresent();
            if (schema.key().size() > 1 || !isWhole) {
                report(
                        schema.id(),
                        "the server gives out " + column + ", so it must be the whole key and an integer: outlets could"
                                + " not make rows of it");
                return Optional.empty();
            }
            return Optional.of(column);
        }

        private void checkColumns(WritesEntry entry, TableSchema schema) {
            for (String name : entry.delta()) {
                Optional<Column> column = schema.column(name);
                if (column.isEmpty()) {
                    report(schema.id(), "delta names the unknown column " + name);
                } else if (!isNumber(column.get().type())
                        || schema.key().contains(name)
                        || column.get().generated() != Generated.NO) {
                    report(
                            schema.id(),
                            "delta column " + name + " must be a number that outlets write, and not of the key");
                }
            }
            entry.policy().updatedAt().ifPresent(name -> {
                Optional<Column> column = schema.column(name);
                if (column.isEmpty()) {
                    report(schema.id(), "updated_at names the unknown column " + name);
                } else if (!column.get().type().startsWith("timestamp")) {
                    report(
                            schema.id(),
                            "updated_at column " + name + " must be a timestamp, not "
                                    + column.get().type());
                }
            });
        }

        /** PostgreSQL itself reads the rule; no row is looked at. */
        private void checkRule(TableId table, WritePolicy.Rule rule) throws SQLException {
            Savepoint before = connection.setSavepoint();
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local search_path to default");
                statement.execute("select not (" + rule.check() + "\n) from " + table.quoted() + " limit 0");
            } catch (SQLException e) {
                report(
                        table,
                        "rule " + rule.name() + ": "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("refused"));
            } finally {
                connection.rollback(before);
            }
        }

        /**
         * Local ids are replaced along declared foreign keys only: a column that refers to a table whose keys the server gives, and does not
         * say so, would keep them.
         */
        void checkReferences(
                WritesEntry entry, Optional<TableSchema> schema, Map<TableId, WriteDefinition> definitions) {
            for (String name : entry.unchecked()) {
                if (schema.flatMap(known -> known.column(name)).isEmpty()) {
                    report(entry.table(), "unchecked names the unknown column " + name);
                }
            }
            WriteDefinition own = definitions.get(entry.table());
            for (WriteDefinition other : definitions.values()) {
                if (own == null || other.table().assigned().isEmpty() || other.equals(own)) {
                    continue;
                }
                TableId table = other.table().table();
                for (String name : List.of(table.name() + "_id", "id_" + table.name())) {
                    boolean isDeclared = own.table().references().stream()
                            .anyMatch(reference -> reference.columns().contains(name));
                    boolean isThere =
                            schema.flatMap(known -> known.column(name)).isPresent();
                    if (isThere && !isDeclared && !entry.unchecked().contains(name)) {
                        report(
                                entry.table(),
                                "column " + name + " has no foreign key to " + table
                                        + ": ids that outlets give to new rows would not be replaced in it. Declare the"
                                        + " foreign key in PostgreSQL, or list the column under unchecked if it is none");
                    }
                }
            }
        }

        private static boolean isNumber(String type) {
            return WHOLE_NUMBERS.contains(type)
                    || type.startsWith("numeric")
                    || type.equals("real")
                    || type.equals("double precision");
        }

        private void report(TableId table, String message) {
            problems.add(ShapeProblem.of(WritesEntry.WHERE, table, message));
        }
    }
}
