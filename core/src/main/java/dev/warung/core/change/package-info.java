/** Where a change stands in PostgreSQL's commit order, and which table it belongs to. */
@NullMarked
package dev.warung.core.change;

import org.jspecify.annotations.NullMarked;
