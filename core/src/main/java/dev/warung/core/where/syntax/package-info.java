/** The text of a where clause → a tree of what stands there, before any name has a meaning. */
@NullMarked
package dev.warung.core.where.syntax;

import org.jspecify.annotations.NullMarked;
