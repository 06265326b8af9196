@NullMarked
package dev.warung.core.where.syntax;

import org.jspecify.annotations.NullMarked;
