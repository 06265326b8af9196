/** Tests of the whole pipeline: real PostgreSQL, real Kafka, capture and replicator as processes of their own. */
@NullMarked
package dev.warung.stack.pipeline;

import org.jspecify.annotations.NullMarked;
