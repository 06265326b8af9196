/** What is wrong with a where clause, and where in its text. */
@NullMarked
package dev.warung.core.where.problem;

import org.jspecify.annotations.NullMarked;
