/** Tests of the comparison of PostgreSQL and the backup. */
@NullMarked
package dev.warung.replicator.verify;

import org.jspecify.annotations.NullMarked;
