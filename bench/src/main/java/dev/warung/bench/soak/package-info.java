/** Random faults under load, and the evidence that every invariant held: a schedule from a seed, what makes the faults, what checks. */
@NullMarked
package dev.warung.bench.soak;

import org.jspecify.annotations.NullMarked;
