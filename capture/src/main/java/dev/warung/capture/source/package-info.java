/** PostgreSQL as the source: its catalogue, set-up and pre-flight, and rows read with SQL. */
@NullMarked
package dev.warung.capture.source;

import org.jspecify.annotations.NullMarked;
