/** The loop that reads the outlet's topics and decides what may be seen when. */
@NullMarked
package dev.warung.outlet.link;

import org.jspecify.annotations.NullMarked;
