package dev.warung.replicator.verify;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a verification tells while it runs: one line of JSON each; the last one is a {@link Summary} or a {@link Failure}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = VerifyEvent.Phase.class, name = "phase"),
    @JsonSubTypes.Type(value = VerifyEvent.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = VerifyEvent.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = VerifyEvent.Table.class, name = "table"),
    @JsonSubTypes.Type(value = VerifyEvent.Summary.class, name = "summary"),
    @JsonSubTypes.Type(value = VerifyEvent.Failure.class, name = "failure")
})
public sealed interface VerifyEvent {

    /** A step begins. */
    record Phase(String phase, String detail) implements VerifyEvent {}

    /** PostgreSQL cannot give a snapshot before these transactions end. */
    record Waiting(List<BlockingTransaction> transactions, long waitedMs, long limitMs) implements VerifyEvent {}

    /** How far the comparison of a table has come; {@code estimate} is PostgreSQL's guess of its rows. */
    record Progress(String table, long sourceRows, long backupRows, long estimate) implements VerifyEvent {}

    /** A table is done. */
    record Table(TableResult result) implements VerifyEvent {}

    /** The comparison is done. */
    record Summary(VerifyReport report) implements VerifyEvent {}

    /** The comparison could not be made; says nothing about the backup. */
    record Failure(String code, String message) implements VerifyEvent {}
}
