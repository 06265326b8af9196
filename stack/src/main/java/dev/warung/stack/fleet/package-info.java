/** Shapes and outlets as rows of PostgreSQL: read from files, checked, written, explained. */
@NullMarked
package dev.warung.stack.fleet;

import org.jspecify.annotations.NullMarked;
