package dev.warung.capture.copy;

import dev.warung.core.schema.TableSchema;

/** Starts the copy of single generations of tables beside the stream. Thread: any; it does not block. */
public interface GenerationCopies {

    /** Copies the table of this schema into its generation; replaces a copy of an older generation of the same oid. */
    void request(TableSchema schema);

    /** The table is gone or broken again: its copy is not wanted any more. */
    void cancel(long oid);
}
