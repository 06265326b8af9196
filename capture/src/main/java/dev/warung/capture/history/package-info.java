/** What each table looked like at each place of the log. */
@NullMarked
package dev.warung.capture.history;

import org.jspecify.annotations.NullMarked;
