/** How PostgreSQL's text output maps to JSON, to SQLite and back. */
@NullMarked
package dev.warung.core.value;

import org.jspecify.annotations.NullMarked;
