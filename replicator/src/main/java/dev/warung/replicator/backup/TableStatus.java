package dev.warung.replicator.backup;

import dev.warung.core.schema.TableSchema;

/**
 * A table of the backup, for status and for comparison.
 *
 * @param name what SQLite calls it
 * @param isVisible false for a generation that is still being copied
 */
public record TableStatus(
        TableSchema schema, String name, TableState state, boolean isVisible, long sinceMs, String reason) {}
