/** Intake against PostgreSQL and Kafka. */
@NullMarked
package dev.warung.stack.intake;

import org.jspecify.annotations.NullMarked;
