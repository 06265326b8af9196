package dev.warung.testkit.check;

import dev.warung.core.change.Lsn;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.testkit.load.BankLoad.ConnectionSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Compares the slot with the log (I3): what the slot was told is safe must be durable in Kafka. Each call reads only what is new in the
 * log.
 *
 * <p>Thread: one.
 */
public final class SlotSampler {

    private final ConnectionSource postgres;
    private final LogReader log;
    private Optional<Lsn> durable = Optional.empty();
    private long commitsRead;

    public SlotSampler(ConnectionSource postgres, LogReader log) {
        this.postgres = postgres;
        this.log = log;
    }

    /** The slot's position first, the log's second: the log only grows, so a healthy pipeline can never look unhealthy. */
    public Optional<String> problem(String slot) throws SQLException {
        Lsn confirmed = confirmed(slot);
        commitsRead = log.read(
                log.topics().commits(),
                commitsRead,
                message -> ControlCodec.decodeCommit(message.value()).ends().forEach(this::see));
        if (durable.isEmpty() || confirmed.compareTo(durable.get()) <= 0) {
            return Optional.empty();
        }
        return Optional.of("I3: the slot is confirmed to " + confirmed + ", but the log ends at " + durable.get());
    }

    private void see(CommitRecord.TransactionEnd end) {
        if (durable.isEmpty() || end.commit().compareTo(durable.get()) > 0) {
            durable = Optional.of(end.commit());
        }
    }

    private Lsn confirmed(String slot) throws SQLException {
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot + "'")) {
            if (!result.next()) {
                throw new SQLException("no slot " + slot);
            }
            return Lsn.parse(result.getString(1));
        }
    }
}
