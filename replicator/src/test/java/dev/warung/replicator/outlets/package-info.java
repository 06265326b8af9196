@NullMarked
package dev.warung.replicator.outlets;

import org.jspecify.annotations.NullMarked;
