/** The meaning of names, operators, functions and casts, by PostgreSQL's rules. */
@NullMarked
package dev.warung.core.where.bind;

import org.jspecify.annotations.NullMarked;
