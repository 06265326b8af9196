/** The outlet role: what it is set up from and how it is wired. */
@NullMarked
package dev.warung.outlet;

import org.jspecify.annotations.NullMarked;
