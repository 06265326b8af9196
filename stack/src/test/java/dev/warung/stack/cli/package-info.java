@NullMarked
package dev.warung.stack.cli;

import org.jspecify.annotations.NullMarked;
