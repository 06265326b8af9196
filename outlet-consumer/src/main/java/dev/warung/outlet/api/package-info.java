/** The outlet's local HTTP interface: what has become of writes, and writes of applications that do not open the file. */
@NullMarked
package dev.warung.outlet.api;

import org.jspecify.annotations.NullMarked;
