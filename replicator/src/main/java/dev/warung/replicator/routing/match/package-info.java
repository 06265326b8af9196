/** Finds the shape instances that a change of a row touches. Pure decisions: no Kafka, no JDBC. */
@NullMarked
package dev.warung.replicator.routing.match;

import org.jspecify.annotations.NullMarked;
