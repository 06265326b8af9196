/** What becomes of an upload: decisions alone; the rows are behind an interface. */
@NullMarked
package dev.warung.core.upload.apply;

import org.jspecify.annotations.NullMarked;
