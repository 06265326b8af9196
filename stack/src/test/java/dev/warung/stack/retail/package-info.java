@NullMarked
package dev.warung.stack.retail;

import org.jspecify.annotations.NullMarked;
