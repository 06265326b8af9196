package dev.warung.core.value;

import java.util.List;
import java.util.stream.Stream;

/** What a session executes at its beginning, as SQL. */
public final class PgSession {

    /** Makes PostgreSQL print the canonical form of values. */
    public static final List<String> PRINTS_CANONICAL = PgValues.CANONICAL_SESSION.stream()
            .map(setting -> setting.split("=", 2))
            .map(pair -> "set " + pair[0] + " = '" + pair[1] + "'")
            .toList();

    /** The same, and the session sees all rows or fails, and is not ended by a time limit of the role. */
    public static final List<String> READS_EVERYTHING = Stream.concat(
                    PRINTS_CANONICAL.stream(),
                    Stream.of(
                            "set row_security = off",
                            "select set_config(name, '0', false) from pg_catalog.pg_settings where name in"
                                    + " ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')"))
            .toList();

    private PgSession() {}
}
