@NullMarked
package dev.warung.embedded;

import org.jspecify.annotations.NullMarked;
