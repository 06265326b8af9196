/** Rules over the classes of all modules; an exception stands in its rule, with the reason. */
@NullMarked
package dev.warung.architecture;

import org.jspecify.annotations.NullMarked;
