package dev.warung.bench.stage;

import dev.warung.bench.load.BenchTable;
import dev.warung.bench.load.Markers;
import dev.warung.bench.measure.Repetition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** A reader of the backup that looks, again and again, how many rows of a large transaction it sees and which small one is the last. */
public final class MarkerWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(2);
    private static final String LOOK = "select (select count(*) from " + BenchTable.ID.name()
            + " where id >= ?), (select max(id) from " + BenchTable.ID.name() + "), (select max(id) from "
            + Markers.TABLE + ")";

    private final long firstId;
    private final InstantSource clock;
    private final Repetition looking;
    private final List<Look> looks = new ArrayList<>();
    private volatile long lastId;
    private volatile long lastMarker;
    private volatile long seenAtUs;

    /** What one look saw, in one read: rows of the large transaction, and the last small one. */
    private record Look(long rows, long marker) {}

    private MarkerWatch(Connection connection, long firstId, InstantSource clock) {
        this.firstId = firstId;
        this.clock = clock;
        this.looking = Repetition.start("marker-watch", connection, EVERY, LOOK, this::look);
    }

    /**
     * Begins to look.
     *
     * @param firstId the first id of the large transaction
     */
    public static MarkerWatch start(Path file, long firstId, InstantSource clock) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(10_000);
        return new MarkerWatch(
                DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties()), firstId, clock);
    }

    /** Whether a row and a small transaction can be seen. */
    public boolean shows(long id, long marker) {
        return lastId >= id && lastMarker >= marker;
    }

    /** When a row of the large transaction was seen first, microseconds since 1970; 0 if none was. */
    public long firstSeenAtUs() {
        return seenAtUs;
    }

    public synchronized long looks() {
        return looks.size();
    }

    /**
     * Every look that saw what never was: a part of the large transaction, it without a small one from before, or a small one from after
     * without it.
     *
     * @param rows of the large transaction
     * @param before the last small one that was committed when it began
     * @param after the first small one that began when it was committed
     */
    public synchronized List<String> problems(long rows, long before, long after) {
        List<String> problems = new ArrayList<>();
        for (Look look : looks) {
            boolean isThere = look.rows() == rows;
            if (!isThere && look.rows() != 0) {
                problems.add(look.rows() + " of " + rows + " rows were seen");
            }
            if (isThere && look.marker() < before) {
                problems.add("the transaction was seen before marker " + before + ", at " + look.marker());
            }
            if (!isThere && look.marker() >= after) {
                problems.add("marker " + look.marker() + " was seen before the transaction, which came first");
            }
        }
        return problems;
    }

    private void look(PreparedStatement statement) throws SQLException {
        statement.setLong(1, firstId);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            long rows = row.getLong(1);
            if (rows > 0 && seenAtUs == 0) {
                seenAtUs = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            }
            synchronized (this) {
                looks.add(new Look(rows, row.getLong(3)));
            }
            lastId = row.getLong(2);
            lastMarker = row.getLong(3);
        }
    }

    @Override
    public void close() {
        looking.close();
    }
}
