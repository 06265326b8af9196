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
 * Real outlets hold what PostgreSQL's own SELECT gives, for some hundred random shapes, through kills of roles and outlets, lost and older
 * files, new enrolments, changed shapes and attributes (I7); a reader of their files never sees a torn pair (I4).
 *
 * <p>Replay a run with {@code -Doracle.seed=N}; {@code -Doracle.batches=N} sets its length.
 */
class OutletOracleIT {

    private static final Logger LOG = LoggerFactory.getLogger(OutletOracleIT.class);
    private static final int SHAPES = 110;
    private static final int OUTLETS = 3;
    private static final long SEED = 20_261_121L;

    @TempDir
    private Path directory;

    @Test
    @Timeout(300)
    void outletsHoldWhatPostgresSelects() throws Exception {
        run(Long.getLong("oracle.seed", SEED), Integer.getInteger("oracle.batches", 3));
    }

    @Test
    @Tag("long")
    @Timeout(5400)
    void outletsHoldWhatPostgresSelectsBatchAfterBatch() throws Exception {
        run(Long.getLong("oracle.seed", SEED), Integer.getInteger("oracle.batches", 200));
    }

    private void run(long seed, int batches) throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of())) {
            FleetRun.createTables(pipeline);
            String replay = "-Dit.test=OutletOracleIT -Doracle.seed=" + seed + " -Doracle.batches=" + batches;
            FleetRun.Options options = new FleetRun.Options(seed, Fleet.Kind.ANY, replay);
            ProcessDevices devices = new ProcessDevices(pipeline, directory);
            try (FleetRun run = new FleetRun(pipeline, devices, options)) {
                run.begin(SHAPES, OUTLETS);
                for (int i = 0; i < batches; i++) {
                    run.batch();
                }
                assertThat(run.rows()).isPositive();
                assertThat(devices.samples()).isPositive();
                LOG.info("{}; {} samples of pairs", run.summary(), devices.samples());
            }
        }
    }
}
