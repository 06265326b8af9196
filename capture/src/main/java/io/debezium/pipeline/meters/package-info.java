/** A class that takes the place of Debezium's own; null checks do not apply, the signature is Debezium's. */
package io.debezium.pipeline.meters;
