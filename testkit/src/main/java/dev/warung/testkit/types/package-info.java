/** PostgreSQL's types with the values at their edges. */
@NullMarked
package dev.warung.testkit.types;

import org.jspecify.annotations.NullMarked;
