/** Fixtures, builders and assertions for the tests of all modules. */
@NullMarked
package dev.warung.testkit;

import org.jspecify.annotations.NullMarked;
