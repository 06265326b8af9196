/** The demo's application: a retail company's schema and the shops that work on it. */
@NullMarked
package dev.warung.stack.retail;

import org.jspecify.annotations.NullMarked;
