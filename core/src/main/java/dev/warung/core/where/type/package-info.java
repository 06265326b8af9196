/** PostgreSQL's types as far as where clauses know them: text in, text out, order and arithmetic. */
@NullMarked
package dev.warung.core.where.type;

import org.jspecify.annotations.NullMarked;
