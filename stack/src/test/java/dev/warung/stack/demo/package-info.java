@NullMarked
package dev.warung.stack.demo;

import org.jspecify.annotations.NullMarked;
