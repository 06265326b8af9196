/** The demo: what is shown while it runs, and how it ends. */
@NullMarked
package dev.warung.stack.demo;

import org.jspecify.annotations.NullMarked;
