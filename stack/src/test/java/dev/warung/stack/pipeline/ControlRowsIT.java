package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.testkit.check.CanonicalDump;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shapes and outlets are rows like any others: copied, streamed and compared. */
class ControlRowsIT {

    private static final String OUTLETS = "warung.outlets";
    private static final String SHAPES = "warung.shapes";

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    void rowsOfShapesAndOutletsReachTheBackupAndAnOlderDatabaseGetsTheTables() throws Exception {
        try (Pipeline pipeline = new Pipeline(directory, Map.of()).withCaptureFlags("--tables", "public.*")) {
            pipeline.startCapture();
            pipeline.startReplicator();
            pipeline.drain();
            pipeline.execute("""
                    insert into warung.outlets (code, name, attributes) values
                        ('solo-1', 'Solo', '{"branch_id": 1}'), ('solo-2', 'Solo Baru', '{"branch_id": 2}')
                    """);
            pipeline.execute("""
                    insert into warung.shapes (name, definition) values ('katalog', '{"tables": [{"table": "public.produk"}]}')
                    """);
            pipeline.execute("update warung.outlets set generation = 2, enabled = false where code = 'solo-2'");
            pipeline.drain();

            assertThat(lines(pipeline, OUTLETS))
                    .hasSize(2)
                    .anySatisfy(row -> assertThat(row).contains("solo-2", "Integer:2", "{\"branch_id\": 2}"));
            assertThat(lines(pipeline, SHAPES)).singleElement().asString().contains("katalog");
            pipeline.assertIdentical();

            pipeline.capture().close();
            pipeline.execute("drop table warung.shapes, warung.outlets");
            pipeline.startCapture();
            pipeline.drain();
            pipeline.execute("insert into warung.outlets (code, name) values ('solo-3', 'Solo Lama')");
            pipeline.drain();

            // The set-up has made the tables without a copy of them in the log: they are copied beside the stream.
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(lines(pipeline, OUTLETS))
                            .singleElement()
                            .asString()
                            .contains("solo-3"));
            assertThat(lines(pipeline, SHAPES)).isEmpty();
            pipeline.assertIdentical();
        }
    }

    private static List<String> lines(Pipeline pipeline, String table) throws Exception {
        return Stream.ofNullable(CanonicalDump.of(pipeline.backup()).tables().get(table))
                .flatMap(List::stream)
                .filter(line -> line.startsWith("row"))
                .toList();
    }
}
