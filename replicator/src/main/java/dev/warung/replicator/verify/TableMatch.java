package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.replicator.verify.SourceCatalog.SourceColumn;
import dev.warung.replicator.verify.SourceCatalog.SourceTable;
import dev.warung.replicator.verify.TableResult.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which tables of the two sides belong together, and what can be said without reading a row.
 *
 * @param pairs tables to compare
 * @param results tables about which all is said
 */
record TableMatch(List<Pair> pairs, List<TableResult> results) {

    private static final String CONTROL_SCHEMA = "warung";
    private static final String NONE = "";

    TableMatch {
        pairs = List.copyOf(pairs);
        results = List.copyOf(results);
    }

    /** A table on both sides. */
    record Pair(SourceTable source, ComparedTable table) {}

    /** Matches by PostgreSQL's table number, which a rename keeps. */
    static TableMatch of(SourceCatalog source, List<BackupTable> backup) {
        List<Pair> pairs = new ArrayList<>();
        List<TableResult> results = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (BackupTable table : backup) {
            seen.add(table.schema().oid());
            Optional<SourceTable> inSource = source.byOid(table.schema().oid());
            String name = table.schema().id().toString();
            if (!table.unverifiable().isEmpty()) {
                results.add(TableResult.without(name, Verdict.NOT_VERIFIED, table.unverifiable()));
            } else if (inSource.isEmpty()) {
                results.add(different(name, "the backup has this table, PostgreSQL has not"));
            } else if (!inSource.get().published()) {
                results.add(different(
                        name, "the backup has this table, but the publication does not: its changes are lost"));
            } else {
                match(inSource.get(), table, pairs, results);
            }
        }
        for (SourceTable table : source.tables()) {
            if (!seen.contains(table.oid()) && !table.id().schema().equals(CONTROL_SCHEMA)) {
                results.add(onlyInSource(table));
            }
        }
        return new TableMatch(pairs, results);
    }

    private static TableResult onlyInSource(SourceTable table) {
        return table.published()
                ? different(table.id().toString(), "the publication has this table, the backup has not")
                : TableResult.without(table.id().toString(), Verdict.NOT_CAPTURED, "the publication does not have it");
    }

    private static void match(SourceTable source, BackupTable backup, List<Pair> pairs, List<TableResult> results) {
        TableId id = source.id();
        if (!id.equals(backup.schema().id())) {
            results.add(different(
                    id.toString(),
                    "the backup knows this table as " + backup.schema().id()));
            return;
        }
        List<String> mismatches = columnMismatches(source, backup);
        if (!mismatches.isEmpty()) {
            results.add(different(id.toString(), String.join("; ", mismatches)));
            return;
        }
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
        pairs.add(new Pair(
                source,
                new ComparedTable(
                        id,
                        source.from(),
                        backup.name(),
                        backup.schema().copiedColumns(),
                        backup.columns(),
                        backup.schema().key(),
                        leftOut)));
    }

    private static List<String> columnMismatches(SourceTable source, BackupTable backup) {
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
    private static boolean isLeftOut(SourceColumn column, BackupTable backup) {
        boolean described = backup.schema().columns().stream().anyMatch(c -> c.attnum() == column.attnum());
        return column.generated().equals("v") || (column.generated().equals("s") && !described);
    }

    private static TableResult different(String table, String reason) {
        return TableResult.without(table, Verdict.DIFFERENT, reason);
    }
}
