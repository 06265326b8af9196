/** Reads the log in Kafka and yields it in PostgreSQL's commit order. */
@NullMarked
package dev.warung.replicator.log;

import org.jspecify.annotations.NullMarked;
