package dev.warung.outlet.replica;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.wire.UploadCodec;
import dev.warung.outlet.replica.BaseStore.Link;
import dev.warung.outlet.replica.OpStore.StoredOp;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the application has written, on its way to the server and until the server's answer can be seen here.
 *
 * <p>Guarantees: an op is durable before it is handed out to be sent, since one that a power failure takes back would be made anew with
 * another id, and done twice.
 *
 * <p>Used only by the outlet thread.
 */
public final class Outbox {

    private static final TableId LEDGER = new TableId("warung", "ledger");
    private static final int OPS_MAX = 5_000;
    private static final int SYNCED_KEPT = 1_000;
    private static final int PRUNE_EVERY = 50;

    private final Connection connection;
    private final LocalWrites local;
    private final OpStore ops;
    private final OutletStore outlet;
    private final SenderStore sender;
    private final Runnable begin;
    private final Runnable commit;
    private long settles;
    private long dataVersion = -1;
    private long schemaVersion = -1;

    Outbox(Connection connection, LocalWrites local, OutletStore outlet, Runnable begin, Runnable commit) {
        this.connection = connection;
        this.local = local;
        this.ops = local.ops();
        this.outlet = outlet;
        this.sender = local.sender();
        this.begin = begin;
        this.commit = commit;
    }

    /** Ops that are sent together. */
    public record Parcel(UUID upload, List<UploadGroup> groups) {}

    /**
     * What the server has made of an op.
     *
     * @param status of the ledger
     */
    public record Answer(
            UUID op,
            String status,
            @Nullable String reasonCode,
            @Nullable String reason) {

        /** What the application is told. */
        String state() {
            return switch (status) {
                case "conflict", "failed" -> status;
                default -> "synced";
            };
        }
    }

    /**
     * A connection over which is sent.
     *
     * @param number grows with each one of a file
     */
    public record Session(long number, FileIdentity file) {}

    /** Durable before it is handed out: a nonce that the server notes and a power failure takes back would make the file a copy. */
    public Session beginSession() {
        Sqlite.execute(connection, "PRAGMA synchronous=FULL");
        begin.run();
        Session session = new Session(sender.begin(), sender.identity());
        commit.run();
        Sqlite.execute(connection, "PRAGMA synchronous=NORMAL");
        return session;
    }

    /** Whether the server has found this file to be a copy of another: somebody else has gone on sending as it. */
    public boolean isCopy() {
        sender.answered().ifPresent(place -> {
            begin.run();
            sender.forgetBefore(place);
            commit.run();
        });
        return sender.isCopy();
    }

    /**
     * The file is one of its own from now on: it gives out other local ids, sends again what has no answer, and everything is read anew,
     * since a copy may be older than what the server has told.
     */
    public void becomeAnother() {
        begin.run();
        sender.becomeAnother();
        ops.sendAgain(Long.MAX_VALUE);
        local.beginLocalIds();
        outlet.forgetGeneration();
        commit.run();
    }

    /** Whether the application may write some table that can be seen. */
    public boolean isOpen() {
        return local.isArmed();
    }

    /** Takes what the application has written since, as one group. @return whether there was anything */
    public boolean capture() {
        if (!local.isArmed()) {
            return false;
        }
        long version = Sqlite.number(connection, "PRAGMA data_version");
        if (version == dataVersion) {
            return false;
        }
        dataVersion = version;
        if (local.isJournalEmpty()) {
            return false;
        }
        begin.run();
        commit.run();
        return true;
    }

    /** Makes the triggers what they have to be if somebody has changed a table, or the triggers, since. */
    public void maintain() {
        long version = Sqlite.number(connection, "PRAGMA schema_version");
        if (version != schemaVersion && local.isArmed()) {
            begin.run();
            local.arm();
            commit.run();
        }
        schemaVersion = Sqlite.number(connection, "PRAGMA schema_version");
    }

    /** Whether there are ops that are not settled. */
    public boolean isAnyOpen() {
        return ops.isAnyOpen();
    }

    /** Hands out the next ops to be sent; durable, as is that they are on their way. Requires that no transaction is open. */
    public Optional<Parcel> next(long nowMs) {
        if (!ops.hasPending()) {
            return Optional.empty();
        }
        Sqlite.execute(connection, "PRAGMA synchronous=FULL");
        begin.run();
        List<StoredOp> taken = ops.pending(UploadCodec.RECORD_BYTES_MAX, OPS_MAX);
        Parcel parcel = new Parcel(UUID.randomUUID(), groups(taken));
        ops.uploaded(taken, parcel.upload(), nowMs);
        commit.run();
        Sqlite.execute(connection, "PRAGMA synchronous=NORMAL");
        local.laying().refresh();
        return Optional.of(parcel);
    }

    /** Kafka may not have it: its ops are sent again. */
    public void sendAgain(UUID upload) {
        begin.run();
        ops.sendAgain(upload);
        commit.run();
    }

    /** What was sent until then and has no answer is sent again. @return how many ops */
    public int sendAgain(long sentUntilMs) {
        begin.run();
        int count = ops.sendAgain(sentUntilMs);
        commit.run();
        return count;
    }

    /** Ops whose answers can be seen in the file, and that are not settled. */
    public List<Answer> answers() {
        Optional<String> ledger = local.nameOf(LEDGER).map(TableId::quote);
        if (ledger.isEmpty() || !ops.isAnyOpen()) {
            return List.of();
        }
        return answers(ledger.get(), "o.open = 1");
    }

    /** Takes over what the ledger says of ops that were settled otherwise: somebody has decided. */
    public void revise() {
        Optional<String> ledger = local.nameOf(LEDGER).map(TableId::quote);
        if (ledger.isEmpty()) {
            return;
        }
        List<Answer> changed = answers(ledger.get(), "o.state IN ('conflict', 'failed') AND o.result <> l.status");
        if (!changed.isEmpty()) {
            begin.run();
            changed.forEach(answer -> ops.revise(answer.op(), answer));
            commit.run();
        }
    }

    private List<Answer> answers(String ledger, String which) {
        return local.statements()
                .list(
                        "SELECT o.op, l.status, l.reason_code, l.reason FROM _warung_ops AS o JOIN " + ledger
                                + " AS l ON l.op = o.op WHERE " + which + " ORDER BY o.seq",
                        row -> new Answer(
                                UUID.fromString(row.getString(1)),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4)));
    }

    private Optional<Long> serverId(StoredOp op, long localId) {
        return local.nameOf(LocalWrites.ID_MAP)
                .flatMap(name -> local.statements()
                        .first(
                                "SELECT server_id FROM " + TableId.quote(name)
                                        + " WHERE outlet_code = (SELECT code FROM _warung_outlet) AND table_name = ? AND local_id = ?"
                                        + " AND op = ?",
                                row -> row.getLong(1),
                                op.op().table().toString(),
                                localId,
                                op.op().id().toString()));
    }

    /** Whether rows wait to be shown until it is known that no answer to an op is missing. */
    public boolean isAnyWaiting() {
        return local.laying().isAnyWaiting();
    }

    /** Kafka is about to be asked where the feeds end. @return the question's number */
    public long ask() {
        return local.laying().ask();
    }

    /**
     * All feeds have come to where they ended when that question was asked: these answers, which could be seen before, are final, and rows
     * that waited are shown. In the open transaction.
     */
    public void settle(long asked, List<Answer> answers, long nowMs) {
        begin.run();
        Laying laying = local.laying();
        List<StoredOp> settled = new ArrayList<>();
        List<Link> named = new ArrayList<>();
        for (Answer answer : answers) {
            ops.find(answer.op()).ifPresent(op -> {
                ops.settle(op, answer, nowMs);
                settled.add(op);
                if (op.fresh()) {
                    named.addAll(give(op));
                }
            });
        }
        // Only now: what is laid over a row depends on all of them.
        settled.forEach(op -> laying.touch(new Link(op.op().table(), op.rowKey())));
        named.forEach(laying::reveal);
        laying.answered(asked);
        ops.prune(SYNCED_KEPT);
        settles++;
        if (settles % PRUNE_EVERY == 0 || !ops.isAnyOpen()) {
            local.nameOf(LocalWrites.ID_MAP).ifPresent(local.bases()::prune);
        }
    }

    /** The first op that was refused because a copy of this file had used its local id. */
    public Optional<UUID> refusedForId() {
        return ops.refusedForIds().stream().findFirst().map(op -> op.op().id());
    }

    /** An op cannot be sent at all. In the open transaction. */
    public void refuse(UUID op, String reasonCode, String reason, long nowMs) {
        settle(0, List.of(new Answer(op, "failed", reasonCode, reason)), nowMs);
    }

    /** How many ops there are in each state. */
    public Map<String, Long> counts() {
        return ops.counts();
    }

    /** The server has given a row its id: ops of it, and of rows that refer to it, go with the new one. */
    private List<Link> give(StoredOp op) {
        TableId table = op.op().table();
        List<Link> named = new ArrayList<>();
        Optional<String> column = local.laying().assigned(table);
        if (column.isEmpty()
                || !(op.op().key().get(column.get()) instanceof Long localId)
                || !WritableTable.isLocalId(localId)) {
            return named;
        }
        Optional<Long> serverId = serverId(op, localId);
        if (serverId.isEmpty()) {
            return named;
        }
        BaseStore bases = local.bases();
        bases.putId(table, localId, serverId.get());
        for (Link row : bases.links(table, localId)) {
            if (local.rowsOf(row.table()).isEmpty()) {
                continue;
            }
            String newKey = local.laying().rewriteKey(row.table(), row.rowKey());
            local.laying().touch(row);
            if (!newKey.equals(row.rowKey())) {
                ops.rename(row.table(), row.rowKey(), newKey);
                bases.renameLinks(row.table(), row.rowKey(), newKey);
                named.add(new Link(row.table(), newKey));
            }
        }
        return named;
    }

    private List<UploadGroup> groups(List<StoredOp> taken) {
        List<UploadGroup> groups = new ArrayList<>();
        List<UploadOp> of = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            StoredOp op = taken.get(i);
            of.add(op.op().withMakers(makers(op.op())));
            // What was taken in together may have been written over hours: each op keeps its own time.
            boolean isLast = i + 1 == taken.size()
                    || taken.get(i + 1).group() != op.group()
                    || taken.get(i + 1).atMs() != op.atMs();
            if (isLast) {
                groups.add(new UploadGroup(op.group(), op.atMs() * 1000, of));
                of = new ArrayList<>();
            }
        }
        return groups;
    }

    /** Who made the rows whose local ids the op mentions: a copy of this file may have given the same ids to others. */
    private Map<String, UUID> makers(UploadOp op) {
        Map<String, UUID> makers = new HashMap<>();
        Optional<String> own =
                op.kind() == UploadOp.Kind.INSERT ? local.laying().assigned(op.table()) : Optional.empty();
        local.laying().ids().of(op.table()).forEach((column, parent) -> {
            if (op.row().get(column) instanceof Long id
                    && WritableTable.isLocalId(id)
                    && own.filter(column::equals).isEmpty()) {
                local.bases().maker(parent, id).ifPresent(maker -> makers.put(column, maker));
            }
        });
        return makers;
    }
}
