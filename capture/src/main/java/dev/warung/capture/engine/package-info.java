/** Reads PostgreSQL's log with Debezium's embedded engine; the only package that knows Debezium. */
@NullMarked
package dev.warung.capture.engine;

import org.jspecify.annotations.NullMarked;
