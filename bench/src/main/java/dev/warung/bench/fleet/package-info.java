/** Thousands of light outlets in one process: what a fleet costs the broker, and how fast a change reaches all of it. */
@NullMarked
package dev.warung.bench.fleet;

import org.jspecify.annotations.NullMarked;
