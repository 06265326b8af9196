@NullMarked
package dev.warung.core.shape;

import org.jspecify.annotations.NullMarked;
