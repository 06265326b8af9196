package dev.warung.bench.fleet;

import org.apache.kafka.common.Uuid;

/** A topic of one partition that a light outlet reads, and from where. */
record Feed(String topic, Uuid id, long position) {
    Feed at(long next) {
        return new Feed(topic, id, next);
    }
}
