@NullMarked
package dev.warung.core.where;

import org.jspecify.annotations.NullMarked;
