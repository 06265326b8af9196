package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.check.CanonicalDump;
import dev.warung.testkit.history.RandomHistory;
import dev.warung.testkit.pipeline.ProcessPipeline;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random schema changes and data changes that were streamed leave the same replica as a copy of the final state (I1).
 *
 * <p>Each seed works in a schema of its own. Replay one with {@code -Dequivalence.first=SEED -Dequivalence.seeds=1}.
 */
@Tag("equivalence")
class EquivalenceIT {

    private static final Logger LOG = LoggerFactory.getLogger(EquivalenceIT.class);
    private static final int TRANSACTIONS = 25;

    @TempDir
    private Path directory;

    @Test
    @Timeout(5400)
    void streamedHistoriesEqualAFreshCopyOfTheFinalState() throws Exception {
        int first = Integer.getInteger("equivalence.first", 1);
        int seeds = Integer.getInteger("equivalence.seeds", 20);
        try (Pipeline pipeline = new Pipeline(directory, Map.of());
                Connection connection = pipeline.connect()) {
            pipeline.startCapture();
            pipeline.startReplicator();
            for (int seed = first; seed < first + seeds; seed++) {
                RandomHistory history = new RandomHistory(connection, "s" + seed, seed);
                history.run(TRANSACTIONS);
                pipeline.drain();
                LOG.info("seed {}: {} statements, {} refused", seed, history.executed(), history.refused());
                pipeline.assertIdentical();
            }
            Map<String, List<String>> streamed = tables(pipeline);

            pipeline.restartWithNewEpoch();
            Map<String, List<String>> copied = tables(pipeline);

            assertThat(streamed).isNotEmpty();
            assertThat(streamed.keySet()).isEqualTo(copied.keySet());
            streamed.forEach((table, lines) -> assertThat(lines).as(table).isEqualTo(copied.get(table)));
        }
    }

    /** Every table but the one that the drain writes to. */
    private static Map<String, List<String>> tables(Pipeline pipeline) throws Exception {
        Map<String, List<String>> tables =
                new TreeMap<>(CanonicalDump.of(pipeline.backup()).tables());
        tables.remove(ProcessPipeline.MARKERS);
        return tables;
    }
}
