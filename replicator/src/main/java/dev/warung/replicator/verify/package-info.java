/** The exact comparison of PostgreSQL and the SQLite backup at one commit position, while writes go on. */
@NullMarked
package dev.warung.replicator.verify;

import org.jspecify.annotations.NullMarked;
