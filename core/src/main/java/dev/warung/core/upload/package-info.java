/** What outlets write: rows, ops, groups and uploads, and how the tables that they write take them. */
@NullMarked
package dev.warung.core.upload;

import org.jspecify.annotations.NullMarked;
