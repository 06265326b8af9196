/** Tests. */
@NullMarked
package dev.warung.capture.publish;

import org.jspecify.annotations.NullMarked;
