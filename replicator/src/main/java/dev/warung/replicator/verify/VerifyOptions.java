package dev.warung.replicator.verify;

import dev.warung.core.runtime.PostgresUrl;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a verification compares, and its patience.
 *
 * @param source the captured database; the role needs REPLICATION and SELECT
 * @param publication the publication of capture, unless the database's control schema names it
 * @param backup the SQLite file
 * @param snapshotWait how long PostgreSQL may wait for running transactions before it gives the snapshot
 * @param catchUpWait how long the backup may take to reach the snapshot's position
 */
public record VerifyOptions(
        PostgresUrl source, String publication, Path backup, Duration snapshotWait, Duration catchUpWait) {

    SourceAccess access() {
        return new SourceAccess(source);
    }
}
