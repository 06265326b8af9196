package dev.warung.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.embedded.KafkaOptions;
import dev.warung.embedded.KafkaServer;
import dev.warung.replicator.model.BackupDump;
import dev.warung.replicator.model.ModelSource;
import dev.warung.testkit.log.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that lost its newest records in a power cut, and a capture that writes them again in other Kafka transactions. */
@Tag("long")
class LostTailIT {

    private static final int LOST = 6;

    @TempDir
    Path directory;

    @Test
    void theBackupFindsItsPlaceByChangeId() throws IOException {
        Path file = directory.resolve("backup.db");
        Path kafka = directory.resolve("kafka");
        Path older = directory.resolve("older");
        TestLog.Mark mark;
        ModelSource source;
        try (KafkaServer server = KafkaServer.start(KafkaOptions.in(kafka));
                TestLog log = log(server)) {
            source = new ModelSource(log);
            long oid = source.create("a", SchemaRecord.State.COPYING);
            source.completeEpoch();
            source.endTransaction();
            log.commitKafka();
            transaction(source, oid, 0);
            log.commitKafka();
            mark = log.mark();
        }
        copy(kafka, older);
        try (KafkaServer server = KafkaServer.start(KafkaOptions.in(kafka));
                TestLog log = log(server)) {
            log.resume(mark);
            source = new ModelSource(log, source);
            for (int i = 1; i <= LOST; i++) {
                transaction(source, source.oids().get(0), i);
                log.commitKafka();
            }
            run(server, log, file);
        }
        copy(older, kafka);

        try (KafkaServer server = KafkaServer.start(KafkaOptions.in(kafka));
                TestLog log = log(server)) {
            log.resume(mark);
            ModelSource again = new ModelSource(log, source);
            for (int i = 1; i <= LOST + 3; i++) {
                transaction(again, again.oids().get(0), i);
                if (i % 4 == 0) {
                    log.commitKafka();
                }
            }
            log.commitKafka();
            run(server, log, file);

            assertThat(BackupDump.of(file).tables()).isEqualTo(again.dump());
        }
    }

    private static TestLog log(KafkaServer server) {
        return new TestLog(server.bootstrapServers(), "warung", Map.of(), InstantSource.system());
    }

    private static void run(KafkaServer server, TestLog log, Path file) {
        try (RunningReplicator replicator = RunningReplicator.start(server.bootstrapServers(), log.topics(), file)) {
            replicator.awaitPosition(log.last().toString());
            assertThat(replicator.status().failure()).isEmpty();
        }
    }

    private static void transaction(ModelSource source, long oid, int number) {
        for (int i = 0; i < 10; i++) {
            source.write(
                    oid, RowOp.CREATE, new String[] {String.valueOf(number * 10 + i), "n" + number, "1", "t", null});
        }
        source.endTransaction();
    }

    private static void copy(Path from, Path to) throws IOException {
        delete(to);
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                List<Path> all = paths.sorted((a, b) -> b.compareTo(a)).toList();
                for (Path path : all) {
                    Files.delete(path);
                }
            }
        }
    }
}
