/** The way back: what local writes cost, how fast they come to PostgreSQL, and to other outlets. */
@NullMarked
package dev.warung.bench.writes;

import org.jspecify.annotations.NullMarked;
