/** Tests. */
@NullMarked
package dev.warung.capture.history;

import org.jspecify.annotations.NullMarked;
