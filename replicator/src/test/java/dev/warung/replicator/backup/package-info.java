/** Tests of the SQLite side alone. */
@NullMarked
package dev.warung.replicator.backup;

import org.jspecify.annotations.NullMarked;
