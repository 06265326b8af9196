/** Checks of the invariants I1 to I5, each by an independent reader of PostgreSQL, Kafka or SQLite. */
@NullMarked
package dev.warung.testkit.check;

import org.jspecify.annotations.NullMarked;
