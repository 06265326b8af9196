/** What makes the process start sooner. */
@NullMarked
package dev.warung.outlet.start;

import org.jspecify.annotations.NullMarked;
