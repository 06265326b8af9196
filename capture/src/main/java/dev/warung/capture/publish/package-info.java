/** Writes the stream of changes to Kafka, each with its change id, its commit record and the position in one transaction. */
@NullMarked
package dev.warung.capture.publish;

import org.jspecify.annotations.NullMarked;
