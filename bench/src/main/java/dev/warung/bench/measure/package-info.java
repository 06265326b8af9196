/** Figures: of processes, and of many runs. */
@NullMarked
package dev.warung.bench.measure;

import org.jspecify.annotations.NullMarked;
