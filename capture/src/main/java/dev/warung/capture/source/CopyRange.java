package dev.warung.capture.source;

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

    /** The ranges of a leaf; the last one is open at its end. */
    static List<CopyRange> of(TableSchema schema, TableId leaf, long pages, int pagesEach) {
        List<CopyRange> ranges = new ArrayList<>();
        long from = 0;
        while (pages - from > pagesEach) {
            ranges.add(new CopyRange(schema, leaf, from, from + pagesEach));
            from += pagesEach;
        }
        ranges.add(new CopyRange(schema, leaf, from, -1));
        return ranges;
    }

    /** The statement that sends the rows. */
    String copySql() {
        return "copy (" + selectSql() + ") to stdout";
    }

    private String selectSql() {
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
