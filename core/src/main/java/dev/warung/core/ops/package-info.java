/** The HTTP port of a role: health, metrics and status. */
@NullMarked
package dev.warung.core.ops;

import org.jspecify.annotations.NullMarked;
