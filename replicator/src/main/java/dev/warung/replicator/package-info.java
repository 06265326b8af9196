/** The replicator role: what it is set up from and how it is wired. */
@NullMarked
package dev.warung.replicator;

import org.jspecify.annotations.NullMarked;
