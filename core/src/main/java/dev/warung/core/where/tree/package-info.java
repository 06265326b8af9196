/** The checked and typed tree of a where clause, which evaluates itself on a row. */
@NullMarked
package dev.warung.core.where.tree;

import org.jspecify.annotations.NullMarked;
