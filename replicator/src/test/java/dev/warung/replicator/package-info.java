/** Tests of the whole replicator against a real broker and real files. */
@NullMarked
package dev.warung.replicator;

import org.jspecify.annotations.NullMarked;
