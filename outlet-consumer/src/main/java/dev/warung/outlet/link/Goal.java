package dev.warung.outlet.link;

/**
 * Where a topic ended at some time.
 *
 * @param endOffset all that was committed then is below it
 * @param atMs by this device's clock, taken before Kafka was asked
 */
record Goal(long endOffset, long atMs) {}
