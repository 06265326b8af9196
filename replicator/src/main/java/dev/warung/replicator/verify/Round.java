package dev.warung.replicator.verify;

import dev.warung.core.change.TableId;
import dev.warung.replicator.backup.VisibleTable;
import dev.warung.replicator.verify.SourceCatalog.SourceTable;
import dev.warung.replicator.verify.TableMatch.Pair;
import dev.warung.replicator.verify.TableResult.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * The comparison of some tables at one common position.
 *
 * <p>Thread: the verifying one.
 */
final class Round {

    private final SourceAccess access;
    private final BackupCatalog catalog;
    private final Connection observer;
    private final ExecutorService executor;
    private final Consumer<VerifyEvent> listener;

    Round(
            SourceAccess access,
            BackupCatalog catalog,
            Connection observer,
            ExecutorService executor,
            Consumer<VerifyEvent> listener) {
        this.access = access;
        this.catalog = catalog;
        this.observer = observer;
        this.executor = executor;
        this.listener = listener;
    }

    /** Which tables a round compares. */
    interface Selection {

        boolean contains(TableId id, long oid);
    }

    /**
     * What a round found.
     *
     * @param moved tables that may come out otherwise later, by PostgreSQL's number, with the result if nobody tries again: DDL
     *     changed them under the comparison, or the two sides describe them differently (without event triggers capture learns of DDL
     *     some seconds late)
     */
    record Outcome(List<TableResult> results, Map<Long, TableResult> moved) {}

    Outcome compare(CommonPosition position, Selection selection, String publication)
            throws SQLException, InterruptedException {
        TableMatch match = match(position, selection, publication);
        List<TableResult> results = new ArrayList<>();
        Map<Long, TableResult> moved = new LinkedHashMap<>();
        match.results().forEach((oid, result) -> {
            if (result.verdict() == Verdict.DIFFERENT) {
                moved.put(oid, result);
            } else {
                report(result, results);
            }
        });
        try (SourceReader reader =
                new SourceReader(access, observer, position.source().export())) {
            for (Pair pair : match.pairs()) {
                Optional<String> obstacle = reader.open(pair.source());
                if (obstacle.isPresent()) {
                    String name = pair.source().id().toString();
                    moved.put(pair.source().oid(), TableResult.without(name, Verdict.NOT_VERIFIED, obstacle.get()));
                } else {
                    report(compare(pair, reader, position.backup()), results);
                    reader.closeTable();
                }
            }
        }
        return new Outcome(results, moved);
    }

    private TableMatch match(CommonPosition position, Selection selection, String publication) throws SQLException {
        List<SourceTable> source = position.source().catalog(publication).tables().stream()
                .filter(t -> selection.contains(t.id(), t.oid()))
                .toList();
        BackupCatalog.Tables backup = catalog.read(position.backup().connection());
        List<VisibleTable> visible = backup.visible().stream()
                .filter(t -> selection.contains(t.schema().id(), t.schema().oid())
                        || source.stream().anyMatch(s -> s.oid() == t.schema().oid()))
                .toList();
        return TableMatch.of(new SourceCatalog(source), new BackupCatalog.Tables(visible, backup.copying()));
    }

    private TableResult compare(Pair pair, SourceReader reader, BackupSnapshot backup)
            throws SQLException, InterruptedException {
        String name = pair.source().id().toString();
        long estimate = pair.source().estimate();
        ParallelPasses passes = new ParallelPasses(
                executor,
                (sourceRows, backupRows) ->
                        listener.accept(new VerifyEvent.Progress(name, sourceRows, backupRows, estimate)));
        return new TableComparison(pair.table(), reader.scan(pair.table()), backup.scan(pair.table()), passes)
                .compare();
    }

    private void report(TableResult result, List<TableResult> results) {
        results.add(result);
        listener.accept(new VerifyEvent.Table(result));
    }
}
