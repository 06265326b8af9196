/** Tests of the routing rules: by example, and against a model that evaluates every instance on every row. */
@NullMarked
package dev.warung.replicator.routing.match;

import org.jspecify.annotations.NullMarked;
