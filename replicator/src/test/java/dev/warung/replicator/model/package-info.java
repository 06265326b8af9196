/** What the backup must contain: a model of the source that writes its changes into a test log. */
@NullMarked
package dev.warung.replicator.model;

import org.jspecify.annotations.NullMarked;
