@NullMarked
package dev.warung.bench;

import org.jspecify.annotations.NullMarked;
