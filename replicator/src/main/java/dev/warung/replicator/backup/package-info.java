/** The SQLite file: its schema, its single writer, and how changes and the position get into it in one transaction. */
@NullMarked
package dev.warung.replicator.backup;

import org.jspecify.annotations.NullMarked;
