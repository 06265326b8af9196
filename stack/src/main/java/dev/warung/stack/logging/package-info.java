/** What is logged, and how a line of it looks. */
@NullMarked
package dev.warung.stack.logging;

import org.jspecify.annotations.NullMarked;
