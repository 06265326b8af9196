@NullMarked
package dev.warung.bench.measure;

import org.jspecify.annotations.NullMarked;
