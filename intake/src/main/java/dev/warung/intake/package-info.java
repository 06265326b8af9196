/** What outlets write, from Kafka to PostgreSQL: each op once. */
@NullMarked
package dev.warung.intake;

import org.jspecify.annotations.NullMarked;
