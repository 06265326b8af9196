/** The file alone, without Kafka. */
@NullMarked
package dev.warung.outlet.replica;

import org.jspecify.annotations.NullMarked;
