/** Where clauses: parsed, checked against a table, evaluated as PostgreSQL would, and taken apart for routing. */
@NullMarked
package dev.warung.core.where;

import org.jspecify.annotations.NullMarked;
