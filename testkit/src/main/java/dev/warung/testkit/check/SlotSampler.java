package dev.warung.testkit.check;

import dev.warung.core.change.Lsn;
import dev.warung.core.wire.CommitRecord;
import dev.warung.testkit.load.BankLoad.ConnectionSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Compares the slot with the log (I3): what the slot was told is safe must be durable in Kafka. */
public final class SlotSampler {

    private final ConnectionSource postgres;
    private final LogReader log;

    public SlotSampler(ConnectionSource postgres, LogReader log) {
        this.postgres = postgres;
        this.log = log;
    }

    /** The slot's position first, the log's second: the log only grows, so a healthy pipeline can never look unhealthy. */
    public Optional<String> problem(String slot) throws SQLException {
        Lsn confirmed = confirmed(slot);
        List<CommitRecord> commits = log.commits();
        Optional<Lsn> durable = commits.stream()
                .flatMap(c -> c.ends().stream())
                .map(CommitRecord.TransactionEnd::commit)
                .max(Comparator.naturalOrder());
        if (durable.isEmpty() || confirmed.compareTo(durable.get()) <= 0) {
            return Optional.empty();
        }
        return Optional.of("I3: the slot is confirmed to " + confirmed + ", but the log ends at " + durable.get());
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
