/** What every SQLite copy has in common: its file, the right to write it, names and layout of its tables. */
@NullMarked
package dev.warung.core.replica;

import org.jspecify.annotations.NullMarked;
