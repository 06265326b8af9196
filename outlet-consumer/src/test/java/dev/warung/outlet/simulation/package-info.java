/** A whole shop in one process and one thread: outlets with real files, a server, and links that fail, all decided by a seed. */
@NullMarked
package dev.warung.outlet.simulation;

import org.jspecify.annotations.NullMarked;
