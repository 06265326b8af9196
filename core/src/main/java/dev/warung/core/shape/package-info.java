/** Shapes: which rows of which tables an outlet holds; checked against the tables' descriptions. */
@NullMarked
package dev.warung.core.shape;

import org.jspecify.annotations.NullMarked;
