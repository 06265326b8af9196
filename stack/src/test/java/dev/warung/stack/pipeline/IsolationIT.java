package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import dev.warung.testkit.fleet.Canaries;
import dev.warung.testkit.fleet.CanaryScan;
import dev.warung.testkit.fleet.Fleet;
import dev.warung.testkit.fleet.FleetOutlet;
import dev.warung.testkit.fleet.TopicOutlet;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every row carries a word of its tenant, in texts, documents and keys, also while rows move between tenants; no word of another tenant is
 * found where an outlet can read (I8), and none at all in what the roles say of themselves.
 */
class IsolationIT {

    private static final Logger LOG = LoggerFactory.getLogger(IsolationIT.class);
    private static final int SHAPES = 40;
    private static final int OUTLETS = 4;

    @TempDir
    private Path directory;

    @Test
    @Timeout(300)
    void noByteOfAnotherTenantIsFoundWhereAnOutletCanRead() throws Exception {
        long seed = Long.getLong("isolation.seed", 7);
        try (Pipeline pipeline = new Pipeline(directory, Map.of())) {
            FleetRun.createTables(pipeline);
            try (Connection connection = pipeline.connect()) {
                Canaries.create(connection);
            }
            TopicDevices devices = new TopicDevices(pipeline, directory);
            FleetRun.Options options = new FleetRun.Options(
                    seed, Fleet.Kind.OF_ONE_TENANT, "-Dit.test=IsolationIT -Disolation.seed=" + seed);
            try (FleetRun run = new FleetRun(pipeline, devices, options)) {
                run.begin(SHAPES, OUTLETS);
                run.fleet().addShape(Canaries.brokenShape());
                for (int i = 0; i < Integer.getInteger("isolation.batches", 4); i++) {
                    run.batch();
                }
                pipeline.execute("UPDATE " + Canaries.BROKEN + " SET angka = angka || ' lagi'");
                pipeline.drain();

                CanaryScan scan = new CanaryScan();
                for (FleetOutlet outlet : run.fleet().outlets()) {
                    scanTopics(pipeline, outlet, scan);
                    scan.file(devices.file(outlet.code()), Canaries.foreign(outlet));
                }
                scanPages(pipeline, scan);
                LOG.info("{}; {} bytes looked through", run.summary(), scan.bytes());
                assertThat(scan.found()).as("replay: %s", options.replay()).isEmpty();
                assertThat(scan.bytes()).isPositive();
            }
        }
    }

    /** The private topic and all that it names. */
    private static void scanTopics(Pipeline pipeline, FleetOutlet outlet, CanaryScan scan) {
        String kafka = pipeline.kafka().bootstrapServers();
        Topics topics = new Topics(Pipeline.PREFIX);
        List<String> words = Canaries.foreign(outlet);
        List<String> readable = new ArrayList<>(List.of(topics.outlet(outlet.code())));
        try (TopicOutlet reader = new TopicOutlet(kafka, topics, outlet.code())) {
            reader.read();
            List<OutletRecord.Feed> feeds = reader.outlet().orElseThrow().shapes();
            assertThat(feeds).isNotEmpty();
            feeds.forEach(feed -> readable.add(feed.topic()));
        }
        scan.topics(kafka, readable, words);
    }

    /** What people and machines that watch the roles see is no place for rows of anybody. */
    private static void scanPages(Pipeline pipeline, CanaryScan scan) {
        List<String> any = List.of(Canaries.anyWord());
        scan.text("replicator's status", pipeline.replicatorStatus().toString(), any);
        scan.text("replicator's metrics", pipeline.replicatorMetrics(), any);
        scan.text("replicator's log", pipeline.tail("replicator"), any);
        scan.text("capture's status", pipeline.captureStatus().toString(), any);
        scan.text("capture's metrics", pipeline.captureMetrics(), any);
        scan.text("capture's log", pipeline.tail("capture"), any);
    }
}
