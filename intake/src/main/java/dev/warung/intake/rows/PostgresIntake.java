package dev.warung.intake.rows;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.core.upload.apply.Refusal;
import dev.warung.core.upload.apply.UploadApplier;
import dev.warung.core.wire.UploadCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies uploads to PostgreSQL: each in one transaction with its results in the ledger, so that an upload that comes again changes nothing.
 *
 * <p>Thread: one.
 */
public final class PostgresIntake implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresIntake.class);
    private static final long MILLI_US = 1_000;
    private static final int MESSAGE_MAX = 1_000;

    private final Options options;
    private final Optional<IntakeRole> role;
    private final InstantSource clock;
    private @Nullable Connection connection;
    private @Nullable WrittenTables tables;
    private boolean hasCommitTimes;

    /**
     * How it is done.
     *
     * @param rowBytesMax a larger row is refused
     * @param lockWait how long one upload waits for a row that somebody else holds
     */
    public record Options(PostgresUrl url, long rowBytesMax, Duration lockWait) {}

    public PostgresIntake(Options options, InstantSource clock) {
        this(options, Optional.empty(), clock);
    }

    /** @param role makes the role of the options and grants what it needs; empty if that was done otherwise */
    public PostgresIntake(Options options, Optional<IntakeRole> role, InstantSource clock) {
        this.options = options;
        this.role = role;
        this.clock = clock;
    }

    /**
     * Applies an upload.
     *
     * @param receivedUs when the broker took it
     * @param refusal if nothing of it may be applied: why; the ledger keeps it
     * @throws PassingException if it is to be tried again; nothing was done then
     */
    public Outcome apply(Upload upload, long receivedUs, Optional<Refusal> refusal) {
        long beganMs = clock.millis();
        try {
            Connection session = session();
            if (role.isPresent()) {
                role.get().prepareFor(upload);
            }
            try (Ledger ledger = new Ledger(session, upload)) {
                OutletRights rights = OutletRights.read(session, upload.sender());
                // What a disabled outlet sends is only kept: it cannot hear of a copy, since nothing comes down to it.
                OutletFiles.Finding finding = rights.refusal().isPresent()
                        ? OutletFiles.Finding.OWN
                        : OutletFiles.check(session, upload.sender());
                Outcome outcome = finding == OutletFiles.Finding.OWN
                        ? apply(session, rights, ledger, new Received(upload, receivedUs, refusal))
                        : copy(finding, upload);
                if (upload.ops() > 0 && !outcome.isCopy() || !outcome.messages().isEmpty()) {
                    ledger.log(outcome, beganMs * MILLI_US, clock.millis() - beganMs);
                }
                FaultPoints.hit("intake.before-commit");
                session.commit();
                FaultPoints.hit("intake.after-commit");
                return outcome;
            }
        } catch (SQLException e) {
            close();
            throw new PassingException(e);
        } catch (RuntimeException e) {
            rollback();
            throw e;
        }
    }

    private record Received(Upload upload, long atUs, Optional<Refusal> refusal) {}

    private Outcome apply(Connection session, OutletRights rights, Ledger ledger, Received received)
            throws SQLException {
        PostgresStore store = new PostgresStore(
                session,
                tables(session),
                rights,
                ledger,
                new PostgresStore.Context(received.atUs(), options.rowBytesMax(), hasCommitTimes));
        Outcome outcome = UploadApplier.apply(
                received.upload(), received.atUs(), received.refusal().or(rights::refusal), store, UploadCodec::hash);
        ledger.flush();
        return outcome;
    }

    private static Outcome copy(OutletFiles.Finding finding, Upload upload) {
        return Outcome.copy(
                finding == OutletFiles.Finding.COPY
                        ? List.of("a copy of the file "
                                + upload.sender().file().map(FileIdentity::file).orElseThrow()
                                + " has sent, or an older backup of it: nothing of it was applied; it takes an identity of its"
                                + " own and sends again")
                        : List.of());
    }

    /** Notes in the audit log that a record of an outlet is no upload. */
    public void refuseRecord(String code, String why) {
        try {
            Connection session = session();
            try (PreparedStatement statement = session.prepareStatement(
                    "insert into warung.sync_log (outlet_code, began_at, duration_ms, ops, applied, merged, superseded, conflicts,"
                            + " failed, status, message) values (?, pg_catalog.now(), 0, 0, 0, 0, 0, 0, 0, 'refused', ?)")) {
                statement.setString(1, code);
                statement.setString(2, Ledger.clean(why).substring(0, Math.min(why.length(), MESSAGE_MAX)));
                statement.executeUpdate();
            }
            session.commit();
        } catch (SQLException e) {
            close();
            throw new PassingException(e);
        }
    }

    /**
     * How many conflicts wait for somebody's decision.
     *
     * @throws PassingException if PostgreSQL does not answer
     */
    public long openConflicts() {
        try {
            Connection session = session();
            try (Statement statement = session.createStatement();
                    ResultSet row =
                            statement.executeQuery("select count(*) from warung.conflicts where state = 'open'")) {
                row.next();
                long count = row.getLong(1);
                session.commit();
                return count;
            }
        } catch (SQLException e) {
            close();
            throw new PassingException(e);
        }
    }

    /** The tables are read anew before the next upload. */
    public void forgetTables() {
        if (tables != null) {
            tables.forget();
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        tables = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("A session did not close", e);
            }
        }
    }

    private Connection session() throws SQLException {
        Connection open = connection;
        if (open == null) {
            if (role.isPresent()) {
                role.get().make();
            }
            open = IntakeSession.open(options.url(), options.lockWait());
            connection = open;
            tables = new WrittenTables(open);
            hasCommitTimes = IntakeSession.hasCommitTimes(open);
        }
        return open;
    }

    private WrittenTables tables(Connection session) {
        WrittenTables known = tables;
        if (known == null) {
            known = new WrittenTables(session);
            tables = known;
        }
        return known;
    }

    private void rollback() {
        Connection open = connection;
        if (open != null) {
            try {
                open.rollback();
            } catch (SQLException e) {
                close();
            }
        }
    }
}
