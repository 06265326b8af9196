package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.FileIdentity;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Who this file says it is when it sends, in {@code _warung_sender}. Used only by the outlet thread.
 *
 * <p>Each session has a nonce of its own. Which one the server has noted last is not known before its answer is here, so all since the last
 * answer are kept. A copy of the file has the same, until one of the two begins a session that the server notes: after that the other
 * cannot name the server's nonce, is found to be a copy, and becomes a file of its own.
 */
final class SenderStore {

    private static final TableId SESSIONS = new TableId("warung", "outlet_sessions");
    private static final TableId COPIES = new TableId("warung", "outlet_copies");
    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS _warung_sender (
          one INTEGER PRIMARY KEY CHECK (one = 1), session INTEGER NOT NULL, file TEXT NOT NULL) STRICT""", "CREATE TABLE IF NOT EXISTS _warung_nonces (seq INTEGER PRIMARY KEY, nonce TEXT NOT NULL) STRICT"
    };

    private final Statements statements;
    private final Function<TableId, Optional<String>> names;

    /** @param names what SQLite calls a table; empty if it cannot be seen */
    SenderStore(Connection connection, Statements statements, Function<TableId, Optional<String>> names) {
        this.statements = statements;
        this.names = names;
        Sqlite.execute(connection, TABLES);
        statements.update(
                "INSERT OR IGNORE INTO _warung_sender VALUES (1, 0, ?)",
                UUID.randomUUID().toString());
    }

    UUID file() {
        return statements
                .first("SELECT file FROM _warung_sender", row -> UUID.fromString(row.getString(1)))
                .orElseThrow();
    }

    /** Another session begins, with a nonce of its own, unless too many are without an answer. @return its number */
    long begin() {
        statements.update("UPDATE _warung_sender SET session = session + 1");
        if (nonces().size() <= FileIdentity.FOLLOWS_MAX) {
            statements.update(
                    "INSERT INTO _warung_nonces (nonce) VALUES (?)",
                    UUID.randomUUID().toString());
        }
        return session();
    }

    long session() {
        return statements
                .first("SELECT session FROM _warung_sender", row -> row.getLong(1))
                .orElseThrow();
    }

    /** Requires that a session has begun. */
    FileIdentity identity() {
        List<UUID> nonces = nonces();
        int last = nonces.size() - 1;
        return new FileIdentity(file(), nonces.get(last), nonces.subList(0, last));
    }

    /** The place of the nonce that the server has noted, if there are older ones, which are not needed any more. */
    Optional<Long> answered() {
        return names.apply(SESSIONS)
                .flatMap(name -> statements.first(
                        "SELECT max(n.seq) FROM " + TableId.quote(name)
                                + " AS s JOIN _warung_nonces AS n ON n.nonce = s.nonce"
                                + " WHERE s.file = (SELECT file FROM _warung_sender)"
                                + " AND EXISTS (SELECT 1 FROM _warung_nonces AS o WHERE o.seq < n.seq)",
                        row -> row.getLong(1)))
                .filter(seq -> seq > 0);
    }

    void forgetBefore(long place) {
        statements.update("DELETE FROM _warung_nonces WHERE seq < ?", place);
    }

    /**
     * Whether the server says that this is a copy. What was answered must have been forgotten before: an upload that comes late, after
     * those of a newer session, looks like a copy's too.
     */
    boolean isCopy() {
        return names.apply(COPIES)
                .filter(
                        name -> statements.exists(
                                "SELECT 1 FROM " + TableId.quote(name)
                                        + " WHERE file = (SELECT file FROM _warung_sender) AND nonce IN (SELECT nonce FROM _warung_nonces)"))
                .isPresent();
    }

    /** The file is another one from now on. */
    void becomeAnother() {
        statements.update(
                "UPDATE _warung_sender SET session = 0, file = ?",
                UUID.randomUUID().toString());
        statements.update("DELETE FROM _warung_nonces");
    }

    private List<UUID> nonces() {
        return new ArrayList<>(statements.list(
                "SELECT nonce FROM _warung_nonces ORDER BY seq", row -> UUID.fromString(row.getString(1))));
    }
}
