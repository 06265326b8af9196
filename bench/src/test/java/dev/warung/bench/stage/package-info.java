@NullMarked
package dev.warung.bench.stage;

import org.jspecify.annotations.NullMarked;
