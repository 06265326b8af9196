/** Where rows that are read with SQL, not from the log, enter the stream of changes. */
@NullMarked
package dev.warung.capture.copy;

import org.jspecify.annotations.NullMarked;
