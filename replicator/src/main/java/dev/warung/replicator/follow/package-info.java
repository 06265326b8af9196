/** The loop that applies the log to the backup, and the handle that stops it at an exact commit. */
@NullMarked
package dev.warung.replicator.follow;

import org.jspecify.annotations.NullMarked;
