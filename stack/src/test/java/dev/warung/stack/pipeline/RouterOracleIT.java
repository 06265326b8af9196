package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.fleet.Fleet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the router writes is what PostgreSQL's own SELECT gives, for some hundred random shapes (I7); at each end mark of the two-table
 * shape no pair is torn (I4).
 *
 * <p>Replay a run with {@code -Doracle.seed=N}; {@code -Doracle.batches=N} sets its length.
 */
class RouterOracleIT {

    private static final Logger LOG = LoggerFactory.getLogger(RouterOracleIT.class);
    private static final int SHAPES = 110;
    private static final int OUTLETS = 4;
    private static final long SEED = 20_261_121L;

    @TempDir
    private Path directory;

    @Test
    @Tag("long")
    @Timeout(5400)
    void shapeTopicsHoldWhatPostgresSelects() throws Exception {
        run(Long.getLong("oracle.seed", SEED), Integer.getInteger("oracle.batches", 200));
    }

    private void run(long seed, int batches) throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of())) {
            FleetRun.createTables(pipeline);
            String replay = "-Dit.test=RouterOracleIT -Doracle.seed=" + seed + " -Doracle.batches=" + batches;
            FleetRun.Options options = new FleetRun.Options(seed, Fleet.Kind.ANY, replay);
            try (FleetRun run = new FleetRun(pipeline, new TopicDevices(pipeline, directory), options)) {
                run.begin(SHAPES, OUTLETS);
                for (int i = 0; i < batches; i++) {
                    run.batch();
                }
                assertThat(run.rows()).isPositive();
                LOG.info("{}", run.summary());
            }
        }
    }
}
