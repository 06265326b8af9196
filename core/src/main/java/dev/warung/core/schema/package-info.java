/** What a table looks like from one change id on. */
@NullMarked
package dev.warung.core.schema;

import org.jspecify.annotations.NullMarked;
