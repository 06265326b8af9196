package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.replica.ReplicaFiles;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.wire.UploadCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what the application has written, as far as it can still be read, from a file that cannot be used any more into a new one. Rows of
 * the server are not carried: they come again.
 *
 * <pre>
 * prepare    a new file beside the damaged one gets the writes
 * (the damaged file is set aside)
 * complete   the new file takes its place; also at the next start, if the process died before that
 * </pre>
 *
 * <p>Thread: the outlet thread, while no {@link OutletReplica} is open.
 */
public final class Salvage {

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final String SUFFIX = ".carried";
    private static final String OPS =
            "SELECT * FROM _warung_ops NOT INDEXED WHERE open = 1 OR state <> 'synced' ORDER BY seq";
    private static final List<String> OTHERS =
            List.of("_warung_ids", "_warung_links", "_warung_sender", "_warung_nonces");

    private final Connection from;
    private final Connection to;
    private final Set<Long> carried = new HashSet<>();
    private boolean isWhole = true;

    private Salvage(Connection from, Connection to) {
        this.from = from;
        this.to = to;
    }

    /**
     * What could be carried.
     *
     * @param ops how many
     * @param isWhole whether there was nothing that could not be read
     */
    public record Result(int ops, boolean isWhole) {}

    /** @param owner whose writes they must be: those of another outlet are not carried */
    public static Result prepare(Path damaged, UUID owner, String code) {
        Path fresh = ReplicaFiles.beside(damaged, SUFFIX);
        ReplicaFiles.delete(fresh);
        if (!Files.exists(damaged)) {
            return new Result(0, true);
        }
        takeInJournal(damaged, owner);
        try (Connection from = DriverManager.getConnection("jdbc:sqlite:" + damaged)) {
            Sqlite.execute(from, "PRAGMA query_only=ON");
            if (!belongsTo(from, owner)) {
                return new Result(0, true);
            }
            try (OutletReplica replica = OutletReplica.open(fresh, OutletReplica.Examination.NONE)) {
                replica.own(owner, code);
                replica.commit();
            }
            try (Connection to = ReplicaFile.openAsApplication(fresh)) {
                return new Salvage(from, to).carry();
            }
        } catch (SQLException | PipelineException e) {
            LOG.debug("{} cannot be read", damaged, e);
            ReplicaFiles.delete(fresh);
            return new Result(0, false);
        }
    }

    /** What was prepared takes the place of a file that is gone. */
    public static void complete(Path file) {
        Path fresh = ReplicaFiles.beside(file, SUFFIX);
        if (Files.exists(fresh) && !Files.exists(file)) {
            try {
                Files.move(fresh, file);
            } catch (IOException e) {
                throw new PipelineException(ErrorCode.REPLICA_DISK, "Cannot move " + fresh + ": " + e + ".", e);
            }
        }
    }

    /** Entries of the journal become ops only where the tables that they are of can be read. */
    private static void takeInJournal(Path damaged, UUID owner) {
        try (OutletReplica replica = OutletReplica.open(damaged, OutletReplica.Examination.NONE)) {
            if (replica.owner().filter(owner::equals).isPresent()) {
                replica.outbox().capture();
            }
        } catch (RuntimeException e) {
            LOG.debug("The journal of {} cannot be taken in", damaged, e);
        }
    }

    private static boolean belongsTo(Connection from, UUID owner) {
        return Sqlite.texts(from, "SELECT id FROM _warung_outlet").contains(owner.toString());
    }

    private Result carry() {
        Sqlite.execute(to, "BEGIN IMMEDIATE");
        carryOps(OPS);
        if (!isWhole) {
            carryOps(OPS + " DESC");
        }
        for (String table : OTHERS) {
            carryTable(table);
        }
        try {
            isWhole &= Sqlite.number(from, "SELECT count(*) FROM _warung_journal") == 0;
        } catch (PipelineException e) {
            isWhole = false;
        }
        Sqlite.execute(to, "COMMIT");
        return new Result(carried.size(), isWhole);
    }

    /** Until the end, or until what cannot be read. */
    private void carryOps(String query) {
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            Optional<PreparedStatement> insert = Optional.empty();
            while (row.next()) {
                if (insert.isEmpty()) {
                    insert = Optional.of(insert("_warung_ops", row.getMetaData()));
                }
                if (!isOp(row)) {
                    isWhole = false;
                } else if (carried.add(row.getLong("seq"))) {
                    put(insert.get(), row);
                }
            }
        } catch (SQLException e) {
            LOG.debug("Not all writes can be read", e);
            isWhole = false;
        }
    }

    private void carryTable(String table) {
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
            Optional<PreparedStatement> insert = Optional.empty();
            while (row.next()) {
                if (insert.isEmpty()) {
                    insert = Optional.of(insert(table, row.getMetaData()));
                }
                put(insert.get(), row);
            }
        } catch (SQLException e) {
            LOG.debug("Table {} cannot be read", table, e);
            isWhole = false;
        }
    }

    private PreparedStatement insert(String table, ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(TableId.quote(columns.getColumnName(i)));
            places.add("?");
        }
        return to.prepareStatement("INSERT OR REPLACE INTO " + table + " (" + String.join(", ", names) + ") VALUES ("
                + String.join(", ", places) + ")");
    }

    private static void put(PreparedStatement insert, ResultSet row) throws SQLException {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            insert.setObject(i, row.getObject(i));
        }
        insert.executeUpdate();
    }

    /** A page that was overwritten may look like a row. */
    private static boolean isOp(ResultSet row) throws SQLException {
        try {
            String before = row.getString("before");
            String after = row.getString("after");
            UploadOp op = new UploadOp(
                    UUID.fromString(text(row, "op")),
                    TableId.parse(text(row, "tbl")),
                    UploadOp.Kind.valueOf(text(row, "kind").toUpperCase(Locale.ROOT)),
                    UploadCodec.row(text(row, "key")),
                    Optional.ofNullable(before).map(UploadCodec::row),
                    Optional.ofNullable(after).map(UploadCodec::row));
            return !op.key().columns().isEmpty() && !text(row, "row_key").isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            throw new IllegalArgumentException("no " + column);
        }
        return text;
    }
}
