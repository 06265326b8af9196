/** What reads a replication slot in a JVM of its own and throws everything away. */
@NullMarked
package dev.warung.bench.reader;

import org.jspecify.annotations.NullMarked;
