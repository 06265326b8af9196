package dev.warung.bench;

/** A part of the pipeline that is measured by itself; the letters are those of docs/bench.md. */
enum Stage {
    RAW("a", "raw", "pgoutput, drained and discarded"),
    DEBEZIUM_DEFAULT("b1", "debeziumDefault", "Debezium, default settings, null sink"),
    DEBEZIUM_CAPTURE("b2", "debeziumCapture", "Debezium, capture's settings, null sink"),
    CAPTURE("c", "captureToKafka", "capture: PostgreSQL to Kafka"),
    REPLICATOR("d", "kafkaToSqlite", "replicator: Kafka to SQLite"),
    END_TO_END("e", "endToEnd", "end to end: PostgreSQL to SQLite");

    private final String letter;
    private final String key;
    private final String says;

    Stage(String letter, String key, String says) {
        this.letter = letter;
        this.key = key;
        this.says = says;
    }

    String letter() {
        return letter;
    }

    /** Its name in JSON. */
    String key() {
        return key;
    }

    String says() {
        return says;
    }
}
