/** Decisions about what may be seen. */
@NullMarked
package dev.warung.outlet.link;

import org.jspecify.annotations.NullMarked;
