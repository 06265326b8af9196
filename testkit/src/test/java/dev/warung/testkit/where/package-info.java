@NullMarked
package dev.warung.testkit.where;

import org.jspecify.annotations.NullMarked;
