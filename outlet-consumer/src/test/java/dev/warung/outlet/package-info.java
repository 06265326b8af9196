/** The outlet against real Kafka, with a small writer of shape topics. */
@NullMarked
package dev.warung.outlet;

import org.jspecify.annotations.NullMarked;
