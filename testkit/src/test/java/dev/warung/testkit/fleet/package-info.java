@NullMarked
package dev.warung.testkit.fleet;

import org.jspecify.annotations.NullMarked;
