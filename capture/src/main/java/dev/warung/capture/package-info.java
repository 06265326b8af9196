/** Capture as a process: reads PostgreSQL's log and writes it, in order and exactly once, to Kafka. */
@NullMarked
package dev.warung.capture;

import org.jspecify.annotations.NullMarked;
