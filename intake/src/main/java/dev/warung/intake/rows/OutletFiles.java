package dev.warung.intake.rows;

import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.Sender;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * The files of outlets, in {@code warung.outlet_sessions}, and which were found to be copies, in {@code warung.outlet_copies}.
 *
 * <pre>
 * file is not known            → it is noted
 * its nonce is the one noted   → go on
 * it follows the one noted     → its nonce is noted in the place of that
 * else                         → somebody else has gone on from that: this is a copy, or an older backup
 * </pre>
 *
 * <p>Requires: the outlet's row is locked until the transaction ends. Thread: that of the connection.
 */
final class OutletFiles {

    /** What an upload's sender turns out to be. */
    enum Finding {
        OWN,
        /** Found now. */
        COPY,
        /** Found before. */
        KNOWN_COPY
    }

    private static final String NOTED = "select nonce from warung.outlet_sessions where outlet_id = ? and file = ?";
    private static final String NOTE = """
            insert into warung.outlet_sessions (outlet_id, outlet_code, file, session, nonce) values (?, ?, ?, ?, ?)
            on conflict (outlet_id, file) do update
                set session = excluded.session, nonce = excluded.nonce, seen_at = pg_catalog.clock_timestamp()
            """;
    private static final String FOUND = """
            insert into warung.outlet_copies (outlet_id, outlet_code, file, session, nonce) values (?, ?, ?, ?, ?)
            on conflict do nothing
            """;

    private OutletFiles() {}

    static Finding check(Connection connection, Sender sender) throws SQLException {
        if (sender.file().isEmpty()) {
            return Finding.OWN;
        }
        FileIdentity file = sender.file().get();
        Optional<UUID> noted = noted(connection, sender.outlet(), file.file());
        if (noted.isPresent() && noted.get().equals(file.nonce())) {
            return Finding.OWN;
        }
        if (noted.isEmpty() || file.follows().contains(noted.get())) {
            write(connection, NOTE, sender, file);
            return Finding.OWN;
        }
        return write(connection, FOUND, sender, file) == 1 ? Finding.COPY : Finding.KNOWN_COPY;
    }

    private static Optional<UUID> noted(Connection connection, UUID outlet, UUID file) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NOTED)) {
            statement.setObject(1, outlet);
            statement.setObject(2, file);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    private static int write(Connection connection, String sql, Sender sender, FileIdentity file) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int place = 0;
            statement.setObject(++place, sender.outlet());
            statement.setString(++place, sender.code());
            statement.setObject(++place, file.file());
            statement.setLong(++place, sender.session());
            statement.setObject(++place, file.nonce());
            return statement.executeUpdate();
        }
    }
}
