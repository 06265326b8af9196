/** Writers that load PostgreSQL while servers die, and leave invariants behind that can be checked afterwards. */
@NullMarked
package dev.warung.testkit.load;

import org.jspecify.annotations.NullMarked;
