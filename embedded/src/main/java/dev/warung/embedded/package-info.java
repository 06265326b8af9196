/** PostgreSQL and Kafka as child processes of this JVM, and the child JVMs that stand for the roles. */
@NullMarked
package dev.warung.embedded;

import org.jspecify.annotations.NullMarked;
