/** What it costs to find the shape instances that a change touches. */
@NullMarked
package dev.warung.bench.routing;

import org.jspecify.annotations.NullMarked;
