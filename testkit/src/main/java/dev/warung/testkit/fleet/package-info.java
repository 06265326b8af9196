/** A company of tenants, regions, branches and registers: random transactions, shapes and outlets, and what each outlet must hold. */
@NullMarked
package dev.warung.testkit.fleet;

import org.jspecify.annotations.NullMarked;
