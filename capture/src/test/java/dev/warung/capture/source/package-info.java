/** Tests of PostgreSQL as the source. */
@NullMarked
package dev.warung.capture.source;

import org.jspecify.annotations.NullMarked;
