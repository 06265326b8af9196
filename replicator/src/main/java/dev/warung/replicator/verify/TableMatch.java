package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.ControlRows;
import dev.warung.replicator.backup.VisibleTable;
import dev.warung.replicator.verify.SourceCatalog.SourceColumn;
import dev.warung.replicator.verify.SourceCatalog.SourceTable;
import dev.warung.replicator.verify.TableResult.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tables of the two sides belong together, and what can be said without reading a row.
 *
 * @param pairs tables to compare
 * @param results tables about which all is said, by PostgreSQL's number
 */
record TableMatch(List<Pair> pairs, Map<Long, TableResult> results) {

    private static final String NONE = "";

    TableMatch {
        pairs = List.copyOf(pairs);
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }

    /** A table on both sides. */
    record Pair(SourceTable source, ComparedTable table) {}

    /** Matches by PostgreSQL's table number, which a rename keeps. */
    static TableMatch of(SourceCatalog source, BackupCatalog.Tables backup) {
        List<Pair> pairs = new ArrayList<>();
        Map<Long, TableResult> results = new LinkedHashMap<>();
        Set<Long> seen = new HashSet<>();
        for (VisibleTable table : backup.visible()) {
            long oid = table.schema().oid();
            seen.add(oid);
            Optional<SourceTable> inSource = source.byOid(oid);
            Optional<TableResult> obstacle = obstacle(table, inSource, backup.copying());
            if (obstacle.isPresent()) {
                results.put(oid, obstacle.get());
            } else {
                inSource.ifPresent(found -> pairs.add(pair(found, table)));
            }
        }
        for (SourceTable table : source.tables()) {
            boolean travels = !table.id().schema().equals(ControlRows.SCHEMA) || ControlRows.has(table.id());
            if (!seen.contains(table.oid()) && travels) {
                results.put(table.oid(), onlyInSource(table, backup.copying()));
            }
        }
        return new TableMatch(pairs, results);
    }

    private static Optional<TableResult> obstacle(
            VisibleTable table, Optional<SourceTable> inSource, Map<TableId, String> copying) {
        TableId id = table.schema().id();
        String name = id.toString();
        if (!table.frozen().isEmpty()) {
            return Optional.of(TableResult.without(name, Verdict.NOT_VERIFIED, table.frozen()));
        }
        if (copying.containsKey(id)) {
            return Optional.of(beingCopied(id, copying));
        }
        if (inSource.isEmpty()) {
            return Optional.of(different(name, "the backup has this table, PostgreSQL has not"));
        }
        if (!inSource.get().published()) {
            return Optional.of(
                    different(name, "the backup has this table, but the publication does not: its changes are lost"));
        }
        if (!inSource.get().id().equals(id)) {
            return Optional.of(different(inSource.get().id().toString(), "the backup knows this table as " + name));
        }
        List<String> mismatches = columnMismatches(inSource.get(), table);
        return mismatches.isEmpty() ? Optional.empty() : Optional.of(different(name, String.join("; ", mismatches)));
    }

    private static TableResult beingCopied(TableId id, Map<TableId, String> copying) {
        return TableResult.without(id.toString(), Verdict.NOT_VERIFIED, "it is being copied since " + copying.get(id));
    }

    private static TableResult onlyInSource(SourceTable table, Map<TableId, String> copying) {
        if (copying.containsKey(table.id())) {
            return beingCopied(table.id(), copying);
        }
        return table.published()
                ? different(table.id().toString(), "the publication has this table, the backup has not")
                : TableResult.without(table.id().toString(), Verdict.NOT_CAPTURED, "the publication does not have it");
    }

    private static Pair pair(SourceTable source, VisibleTable backup) {
        List<String> leftOut = new ArrayList<>();
        for (Column column : backup.schema().columns()) {
            if (!column.isCopied()) {
                leftOut.add(column.name());
            }
        }
        source.columns().stream()
                .filter(c -> isLeftOut(c, backup))
                .map(SourceColumn::name)
                .filter(name -> !leftOut.contains(name))
                .forEach(leftOut::add);
        return new Pair(
                source,
                new ComparedTable(
                        source.id(),
                        source.from(),
                        backup.name(),
                        backup.schema().copiedColumns(),
                        backup.columns(),
                        backup.schema().key(),
                        leftOut));
    }

    private static List<String> columnMismatches(SourceTable source, VisibleTable backup) {
        List<String> mismatches = new ArrayList<>();
        for (Column column : backup.schema().copiedColumns()) {
            String described = column.name() + " " + column.type();
            String found = source.column(column.attnum())
                    .map(c -> c.name() + " " + c.type())
                    .orElse(NONE);
            if (found.isEmpty()) {
                mismatches.add("the backup has a column " + described + " that PostgreSQL has not");
            } else if (!found.equals(described)) {
                mismatches.add("PostgreSQL has a column " + found + ", the backup " + described);
            }
        }
        for (SourceColumn column : source.columns()) {
            boolean known = backup.schema().columns().stream().anyMatch(c -> c.attnum() == column.attnum());
            if (!known && !isLeftOut(column, backup)) {
                mismatches.add("PostgreSQL has a column " + column.name() + " that the backup has not");
            }
        }
        return mismatches;
    }

    /** Generated columns that PostgreSQL does not publish are in no WAL record, whatever the description says. */
    private static boolean isLeftOut(SourceColumn column, VisibleTable backup) {
        boolean described = backup.schema().columns().stream().anyMatch(c -> c.attnum() == column.attnum());
        return column.generated().equals("v") || (column.generated().equals("s") && !described);
    }

    private static TableResult different(String table, String reason) {
        return TableResult.without(table, Verdict.DIFFERENT, reason);
    }
}
