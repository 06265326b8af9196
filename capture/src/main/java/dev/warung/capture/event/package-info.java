/** What happens in PostgreSQL, one event at a time, in commit order and without a trace of where it was read from. */
@NullMarked
package dev.warung.capture.event;

import org.jspecify.annotations.NullMarked;
