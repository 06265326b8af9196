/** Rows for PostgreSQL: as many as wanted, or at a fixed rate. */
@NullMarked
package dev.warung.bench.load;

import org.jspecify.annotations.NullMarked;
