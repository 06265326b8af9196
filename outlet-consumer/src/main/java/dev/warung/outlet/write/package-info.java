/** What the application writes into the outlet's tables: how it is captured, what an op is, and how it is laid over the server's rows. */
@NullMarked
package dev.warung.outlet.write;

import org.jspecify.annotations.NullMarked;
