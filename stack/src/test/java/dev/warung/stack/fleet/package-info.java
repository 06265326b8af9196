@NullMarked
package dev.warung.stack.fleet;

import org.jspecify.annotations.NullMarked;
