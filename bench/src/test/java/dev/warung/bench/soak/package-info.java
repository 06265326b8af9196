@NullMarked
package dev.warung.bench.soak;

import org.jspecify.annotations.NullMarked;
