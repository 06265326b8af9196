package dev.warung.capture.source;

import dev.warung.capture.source.SourceTable.Part;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of some pages of a leaf.
 *
 * @param fromPage the first page
 * @param toPage the page after the last; negative for the end of the table, however far it grows
 */
record CopyRange(TableSchema schema, TableId leaf, long fromPage, long toPage) {

    private static final int PAGE_BYTES = 8192;

    /** The ranges of a table; the last one of each leaf is open at its end. */
    static List<CopyRange> of(SourceTable table, TableSchema schema, int pagesEach) {
        List<CopyRange> ranges = new ArrayList<>();
        for (Part part : table.tree()) {
            if (part.leaf()) {
                long pages = part.bytes() / PAGE_BYTES;
                long from = 0;
                while (pages - from > pagesEach) {
                    ranges.add(new CopyRange(schema, part.id(), from, from + pagesEach));
                    from += pagesEach;
                }
                ranges.add(new CopyRange(schema, part.id(), from, -1));
            }
        }
        return ranges;
    }

    /** The statement that sends the rows. */
    String copySql() {
        return "copy (" + selectSql() + ") to stdout";
    }

    String selectSql() {
        String columns = schema.copiedColumns().stream()
                .map(Column::name)
                .map(TableId::quote)
                .collect(Collectors.joining(", "));
        return "select " + columns + " from only " + leaf.quoted() + condition();
    }

    private String condition() {
        String from = fromPage == 0 ? "" : "ctid >= '(" + fromPage + ",0)'::pg_catalog.tid";
        String to = toPage < 0 ? "" : "ctid < '(" + toPage + ",0)'::pg_catalog.tid";
        if (from.isEmpty() && to.isEmpty()) {
            return "";
        }
        return " where " + from + (from.isEmpty() || to.isEmpty() ? "" : " and ") + to;
    }
}
