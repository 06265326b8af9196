/** A log in Kafka as capture writes it, without PostgreSQL: for tests of those who read it. */
@NullMarked
package dev.warung.testkit.log;

import org.jspecify.annotations.NullMarked;
