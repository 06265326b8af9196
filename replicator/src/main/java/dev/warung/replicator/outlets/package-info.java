/** How far behind each outlet is, as Kafka knows it: also while the outlet is offline. */
@NullMarked
package dev.warung.replicator.outlets;

import org.jspecify.annotations.NullMarked;
