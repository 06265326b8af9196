/** Tests of what the replicator thread uses. */
@NullMarked
package dev.warung.replicator.follow;

import org.jspecify.annotations.NullMarked;
