package dev.warung.capture.copy;

import dev.warung.core.schema.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the rows of the initial copy. Thread: any, several at once; it blocks while the log is busy. */
public interface CopySink {

    /**
     * Takes some rows of a table.
     *
     * @param rows canonical texts in the order of {@link TableSchema#copiedColumns()}
     */
    void rows(TableSchema table, List<@Nullable String[]> rows) throws InterruptedException;

    /** The table has a row that cannot be taken; more rows of it may come, but are of no use. */
    void broken(TableSchema table, String reason);
}
