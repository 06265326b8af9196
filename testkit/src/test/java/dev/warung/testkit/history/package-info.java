@NullMarked
package dev.warung.testkit.history;

import org.jspecify.annotations.NullMarked;
