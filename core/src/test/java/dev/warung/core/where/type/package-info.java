@NullMarked
package dev.warung.core.where.type;

import org.jspecify.annotations.NullMarked;
