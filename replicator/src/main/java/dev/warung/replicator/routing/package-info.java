/** Routes changes to the topics of shape instances, and fills new instances from the replica. */
@NullMarked
package dev.warung.replicator.routing;

import org.jspecify.annotations.NullMarked;
