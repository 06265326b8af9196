/** What roles show of themselves. */
@NullMarked
package dev.warung.core.ops;

import org.jspecify.annotations.NullMarked;
