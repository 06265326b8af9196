/** Settings, errors, retries and other things that every role needs to run. */
@NullMarked
package dev.warung.core.runtime;

import org.jspecify.annotations.NullMarked;
