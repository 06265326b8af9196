/** Tests. */
@NullMarked
package dev.warung.capture.engine;

import org.jspecify.annotations.NullMarked;
