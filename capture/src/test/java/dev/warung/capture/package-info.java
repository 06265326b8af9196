/** Tests of capture as a whole, against a real PostgreSQL and a real Kafka. */
@NullMarked
package dev.warung.capture;

import org.jspecify.annotations.NullMarked;
