/** Every byte that goes through Kafka: topic names, headers, records and their codecs. */
@NullMarked
package dev.warung.core.wire;

import org.jspecify.annotations.NullMarked;
