/** Random but replayable histories of a PostgreSQL database: rows and schema changes from one seed. */
@NullMarked
package dev.warung.testkit.history;

import org.jspecify.annotations.NullMarked;
