package dev.warung.core.runtime;

/** Every failure that a person may meet: what it means and what to do. docs/errors.md is made from it. */
public enum ErrorCode {
    SETTINGS_INVALID(
            Reaction.STOP,
            "Some settings are missing or wrong.",
            "Correct the settings that the message lists, all at once."),
    POSTGRES_UNREACHABLE(
            Reaction.RETRY,
            "PostgreSQL does not answer, or refuses the login.",
            "Check the URL, the user and pg_hba.conf; it is tried again by itself."),
    POSTGRES_NOT_READY(
            Reaction.STOP,
            "PostgreSQL's settings or the role's rights do not allow capture.",
            "Change what the message names, then start again."),
    KAFKA_UNREACHABLE(
            Reaction.RETRY,
            "Kafka does not answer.",
            "Check the address and the brokers; it is tried again by itself."),
    KAFKA_NOT_READY(
            Reaction.STOP,
            "The Kafka cluster lacks something that exactly-once needs.",
            "Change what the message names, then start again."),
    SLOT_MISSING(
            Reaction.STOP,
            "The replication slot is gone or lost, so changes may be missing.",
            "Start a new epoch: warung capture --resync."),
    SLOT_AHEAD(
            Reaction.STOP,
            "The slot was confirmed beyond what the log holds, so changes are missing.",
            "Start a new epoch: warung capture --resync."),
    SLOT_BUSY(
            Reaction.RETRY,
            "Another process streams from the replication slot.",
            "Stop the other capture, or wait: it is tried again by itself."),
    SERVER_CHANGED(
            Reaction.STOP,
            "This is not the PostgreSQL, or not the history, that the log was read from.",
            "If it is the right server, start a new epoch: warung capture --resync."),
    PUBLICATION_CHANGED(
            Reaction.STOP,
            "The publication is gone or lost a table, so changes may be missing.",
            "Start a new epoch: warung capture --resync."),
    TABLE_REFUSED(
            Reaction.QUARANTINE,
            "A table cannot be captured.",
            "Mend what the reason names (key, column type), then the table joins by itself; others go on."),
    TABLE_BROKEN(
            Reaction.QUARANTINE,
            "The stream of a table cannot be followed.",
            "It is copied anew by itself; if it stays so, start a new epoch: warung capture --resync."),
    ROW_TOO_LARGE(
            Reaction.QUARANTINE,
            "A row is larger than row-bytes-max, or as JSON than a record of Kafka may be.",
            "Raise row-bytes-max, or make the row smaller; then its table is copied anew by itself."),
    FENCED(
            Reaction.STOP,
            "Another capture with the same prefix took over.",
            "Stop one of the two; the newer one goes on."),
    LOG_INCONSISTENT(
            Reaction.STOP,
            "The log in Kafka is not what a capture writes: a gap, a foreign or a malformed record.",
            "The message names topic and offset; start a new epoch if the log was damaged: warung capture --resync."),
    REPLICA_DAMAGED(
            Reaction.RETRY,
            "The SQLite file is damaged, foreign or missing.",
            "It is set aside and built anew from the log by itself."),
    REPLICA_IN_USE(
            Reaction.STOP, "Another process writes this SQLite file.", "Stop the other one, or choose another file."),
    REPLICA_DISK(
            Reaction.RETRY,
            "The SQLite file cannot be written: disk full, read-only or failing.",
            "Make room or mend the disk; it goes on by itself, nothing is lost."),
    OUTLET_UNKNOWN(
            Reaction.RETRY,
            "The server does not know this outlet, or another outlet has its code now.",
            "Compare the enrolment with warung outlets show CODE, or enrol the outlet again: warung outlets add."),
    OUTLET_REFUSED(
            Reaction.RETRY,
            "Kafka refuses the outlet's credentials or its rights.",
            "Put a new enrolment file in place: warung outlets add. If the outlet was disabled, that is as it should be."),
    VERIFY_IMPOSSIBLE(
            Reaction.STOP,
            "The comparison could not be made.",
            "Do what the message says, then run warung verify again."),
    UNEXPECTED(Reaction.RETRY, "Something failed that nobody expected.", "Report it with the log; it is tried again.");

    /** What the program does about it. */
    public enum Reaction {
        RETRY,
        STOP,
        QUARANTINE
    }

    private final Reaction reaction;
    private final String meaning;
    private final String remedy;

    ErrorCode(Reaction reaction, String meaning, String remedy) {
        this.reaction = reaction;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    public Reaction reaction() {
        return reaction;
    }

    public String meaning() {
        return meaning;
    }

    public String remedy() {
        return remedy;
    }
}
