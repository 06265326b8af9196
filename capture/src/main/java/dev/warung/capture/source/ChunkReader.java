package dev.warung.capture.source;

import dev.warung.capture.copy.Chunk;
import dev.warung.capture.history.TableShape;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.TableSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads a table chunk by chunk in physical order, each chunk in a snapshot of its own.
 *
 * <p>Guarantees: from before the snapshot until {@link #release} the table is locked against DDL, so at a watermark that is written in
 * between the log describes the table just as the chunk was read. A row that moves behind the place of reading was changed after the
 * generation began, and so is in the stream.
 *
 * <p>Thread: one. The connection has manual commit and REPEATABLE READ isolation.
 */
final class ChunkReader {

    private static final String START = "(0,0)";

    /** Rows of the first COPY; later ones adapt to how wide rows are. */
    private static final int FIRST_STEP = 16;

    private final Connection connection;
    private final TableSchema wanted;
    private final Bounds bounds;
    private @Nullable List<Leaf> leaves;
    private int leaf;
    private String after = START;
    private int nextLeaf;
    private int step = FIRST_STEP;
    private String nextAfter = START;

    /** How much one chunk may hold; one row more than the bytes allow is possible. */
    record Bounds(int rows, long bytes) {}

    private record Leaf(TableId id, long pages) {}

    ChunkReader(Connection connection, TableSchema wanted, Bounds bounds) {
        this.connection = connection;
        this.wanted = wanted;
        this.bounds = bounds;
    }

    /** Makes the session read rows in physical order: a scan that begins where another one is, or is shared out, would skip rows. */
    static void orderPhysically(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set synchronize_seqscans = off");
            statement.execute("set max_parallel_workers_per_gather = 0");
        }
    }

    /** The next chunk, or the same one again if {@link #advance} was not called; empty if the table is gone. */
    Optional<Chunk> read() throws SQLException {
        lock();
        String snapshot = text("select pg_catalog.pg_current_snapshot()::pg_catalog.text");
        Optional<SourceTable> found =
                Catalog.describe(connection, List.of(wanted.oid())).stream().findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TableSchema schema = describedAs(found.get().shape());
        List<Leaf> all = leaves(found.get());
        List<@Nullable String[]> rows = new ArrayList<>();
        nextLeaf = leaf;
        nextAfter = after;
        long bytes = 0;
        while (nextLeaf < all.size() && rows.size() < bounds.rows() && bytes < bounds.bytes()) {
            bytes += readLeaf(all.get(nextLeaf), schema, rows, bytes);
        }
        return Optional.of(new Chunk(UUID.randomUUID(), schema, snapshot, rows, nextLeaf >= all.size()));
    }

    /** Goes on behind the chunk that was read. */
    void advance() {
        leaf = nextLeaf;
        after = nextAfter;
    }

    /** Ends the chunk's snapshot and lets DDL go on. */
    void release() throws SQLException {
        connection.rollback();
    }

    private void lock() throws SQLException {
        // The lock comes before the snapshot, which the first query takes. The table is named anew each time: it may be
        // renamed.
        String name = text("select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)"
                + " from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = "
                + wanted.oid());
        connection.rollback();
        if (!name.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table " + name + " in access share mode");
            }
        }
    }

    private TableSchema describedAs(TableShape shape) {
        List<String> key = shape.key().isEmpty() ? wanted.key() : shape.key();
        return new TableSchema(
                shape.id(),
                shape.oid(),
                wanted.generation(),
                wanted.version(),
                wanted.topic(),
                shape.columns(),
                key,
                shape.indexes(),
                shape.collation());
    }

    /** The leaves and their sizes when the copy began: what is written behind them later is in the stream. */
    private List<Leaf> leaves(SourceTable table) throws SQLException {
        List<Leaf> known = leaves;
        if (known == null) {
            known = new ArrayList<>();
            for (SourceTable.Part part : table.tree()) {
                if (!part.leaf()) {
                    continue;
                }
                String pages = text("select pg_catalog.pg_relation_size(" + part.oid() + ") / 8192");
                known.add(new Leaf(part.id(), pages.isEmpty() ? 0 : Long.parseLong(pages)));
            }
            leaves = known;
        }
        return known;
    }

    /**
     * Reads some more rows of a leaf into the chunk. The COPY is always read to its end, because one that is cancelled while it ends
     * leaves the driver out of step with the server; what is too much for the chunk is dropped and read again with the next.
     */
    private long readLeaf(Leaf from, TableSchema schema, List<@Nullable String[]> rows, long before)
            throws SQLException {
        int columns = schema.copiedColumns().size();
        int limit = Math.min(step, bounds.rows() - rows.size());
        CopyTextParser parser = new CopyTextParser(columns + 1);
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copySql(from, schema, limit));
        long bytes = 0;
        int read = 0;
        boolean isFull = false;
        for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
            read++;
            if (!isFull) {
                @Nullable String[] row = parser.parse(line);
                rows.add(Arrays.copyOfRange(row, 1, columns + 1));
                nextAfter = String.valueOf(row[0]);
                bytes += line.length;
                isFull = before + bytes >= bounds.bytes();
            }
        }
        step = bytes > bounds.bytes() / 4 ? Math.max(1, step / 4) : Math.min(bounds.rows(), step * 2);
        if (read < limit && !isFull) {
            nextLeaf++;
            nextAfter = START;
        }
        return bytes;
    }

    private String copySql(Leaf from, TableSchema schema, int limit) {
        String columns = schema.copiedColumns().stream()
                .map(Column::name)
                .map(TableId::quote)
                .collect(Collectors.joining(", "));
        return "copy (select ctid, " + columns + " from only " + from.id().quoted() + " where ctid > '" + nextAfter
                + "'::pg_catalog.tid and ctid < '(" + from.pages() + ",0)'::pg_catalog.tid limit " + limit
                + ") to stdout";
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            String text = result.next() ? result.getString(1) : null;
            return text == null ? "" : text;
        }
    }
}
