@NullMarked
package dev.warung.bench.fleet;

import org.jspecify.annotations.NullMarked;
