package dev.warung.capture.source;

import dev.warung.capture.copy.CopySink;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads ranges in one session and hands their rows on in small batches.
 *
 * <p>Thread: one.
 */
final class RangeReader {

    private static final int BATCH_ROWS = 1000;
    private static final long BATCH_BYTES = 1L << 20;

    private final Connection connection;
    private final long rowBytesMax;
    private final CopySink sink;
    private final CopyProgress progress;

    RangeReader(Connection connection, long rowBytesMax, CopySink sink, CopyProgress progress) {
        this.connection = connection;
        this.rowBytesMax = rowBytesMax;
        this.sink = sink;
        this.progress = progress;
    }

    void read(CopyRange range) throws SQLException, InterruptedException {
        CopyTextParser parser =
                new CopyTextParser(range.schema().copiedColumns().size());
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(range.copySql());
        try {
            List<@Nullable String[]> batch = new ArrayList<>();
            long bytes = 0;
            for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
                if (line.length > rowBytesMax) {
                    sink.broken(
                            range.schema(),
                            "a row has " + line.length + " bytes as text, more than the " + rowBytesMax
                                    + " of row-bytes-max");
                    continue;
                }
                bytes += line.length;
                batch.add(parser.parse(line));
                if (batch.size() >= BATCH_ROWS || bytes >= BATCH_BYTES) {
                    hand(range, batch, bytes);
                    batch = new ArrayList<>();
                    bytes = 0;
                }
            }
            hand(range, batch, bytes);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        progress.rangeDone();
    }

    private void hand(CopyRange range, List<@Nullable String[]> batch, long bytes) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the copy is no longer wanted");
        }
        if (!batch.isEmpty()) {
            sink.rows(range.schema(), batch);
            progress.add(batch.size(), bytes);
        }
    }
}
