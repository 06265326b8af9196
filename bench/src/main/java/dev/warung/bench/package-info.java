/** The benchmarks: what is run in which order, and how the figures are shown. */
@NullMarked
package dev.warung.bench;

import org.jspecify.annotations.NullMarked;
