/** The outlet's SQLite file: its tables, which shapes hold their rows, and how shapes come and go in one step. */
@NullMarked
package dev.warung.outlet.replica;

import org.jspecify.annotations.NullMarked;
