/** The servers, the roles and the readers that are measured, as child processes. */
@NullMarked
package dev.warung.bench.stage;

import org.jspecify.annotations.NullMarked;
