/** PostgreSQL's rows as outlets may write them, the ledger, and conflicts. */
@NullMarked
package dev.warung.intake.rows;

import org.jspecify.annotations.NullMarked;
