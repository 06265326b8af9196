package dev.warung.bench.soak;

/** What a fault hits. Faults that overlap hit different parts. */
enum Part {
    CAPTURE,
    REPLICATOR,
    BROKER,
    POSTGRES
}
