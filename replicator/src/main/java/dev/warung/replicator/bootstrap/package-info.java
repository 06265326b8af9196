/** Builds a replica from the compacted topics, out of sight until it is consistent. */
@NullMarked
package dev.warung.replicator.bootstrap;

import org.jspecify.annotations.NullMarked;
