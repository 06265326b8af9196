/** The part of a where clause that SQLite decides exactly as PostgreSQL does. */
@NullMarked
package dev.warung.core.where.sqlite;

import org.jspecify.annotations.NullMarked;
