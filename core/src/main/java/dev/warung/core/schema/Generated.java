package dev.warung.core.schema;

/** Whether PostgreSQL computes a column. */
public enum Generated {
    NO,
    /** Computed on write: travels through the log like any other column. */
    STORED,
    /** Computed on read: exists nowhere in the WAL, so it is listed but not copied. */
    VIRTUAL
}
