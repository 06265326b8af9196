package dev.warung.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.testkit.KafkaFixture;
import dev.warung.testkit.check.LogAudit;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.log.TestLog;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Kafka transaction of which a broker has lost a part (decision 21). */
final class TornTransactionIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.create();

    @Test
    void aCommitRecordWithoutAllOfItsRowsIsNotGoneOnWith() throws Exception {
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            TableSchema table = begin(log);
            requireWhole(log);

            row(log, table, false);
            CommitRecord last = lastCommit(log);
            long end = 2 + 1; // the row of begin, its marker, the aborted row
            commit(
                    log,
                    new CommitRecord(
                            CommitRecord.Kind.END,
                            last.last(),
                            last.last(),
                            new ChangeId(
                                    last.last().epoch(),
                                    last.last().commit(),
                                    last.last().ordinal() + 1),
                            List.of(),
                            Map.of(table.topic(), new CommitRecord.Extent(end, 1)),
                            last.offset()));

            assertThatThrownBy(() -> requireWhole(log))
                    .isInstanceOfSatisfying(
                            PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_INCONSISTENT))
                    .hasMessageContaining(table.topic() + " shows 0 of the 1 records");
            assertThat(audit(log).problems()).anyMatch(problem -> problem.contains("shows 0 of 1"));
        }
    }

    @Test
    void rowsThatNoCommitRecordCoversDoNotCount() throws Exception {
        try (TestLog log =
                new TestLog(KAFKA.bootstrapServers(), KAFKA.createPrefix(), Map.of(), InstantSource.system())) {
            TableSchema table = begin(log);
            row(log, table, true);
            log.row(table, RowOp.CREATE, null, new String[] {"3"});
            log.endTransaction();
            log.commitKafka();

            assertThatCode(() -> requireWhole(log)).doesNotThrowAnyException();
            LogAudit audit = audit(log);
            assertThat(audit.problems()).isEmpty();
            assertThat(audit.uncovered()).isEqualTo(1);
        }
    }

    private static TableSchema begin(TestLog log) {
        TableId id = new TableId("public", "a");
        TableSchema table = new TableSchema(
                id,
                1,
                1,
                1,
                log.topics().table(id, 1),
                List.of(new Column(
                        1, "id", "bigint", ValueKind.INTEGER, true, Generated.NO, null, TypeMeaning.of("bigint"))),
                List.of("id"),
                List.of(),
                Collation.LOCALE);
        log.schema(new SchemaRecord.Table(table, SchemaRecord.State.LIVE, "", 0));
        log.row(table, RowOp.CREATE, null, new String[] {"1"});
        log.schema(new SchemaRecord.EpochComplete(log.epoch()));
        log.endTransaction();
        log.commitKafka();
        return table;
    }

    private static LogAudit audit(TestLog log) {
        awaitMarkers(log);
        return new LogAudit(new LogReader(KAFKA.bootstrapServers(), log.topics()), log.topics());
    }

    private static CommitRecord lastCommit(TestLog log) {
        awaitMarkers(log);
        List<CommitRecord> commits = new LogReader(KAFKA.bootstrapServers(), log.topics()).commits();
        return commits.get(commits.size() - 1);
    }

    private static void requireWhole(TestLog log) {
        awaitMarkers(log);
        try (DurableLogReader reader = new DurableLogReader(
                KafkaSettings.of(KAFKA.bootstrapServers()), log.topics(), InstantSource.system())) {
            DurablePosition position = reader.position().orElseThrow();
            reader.damage(position).ifPresent(what -> {
                throw new PipelineException(ErrorCode.LOG_INCONSISTENT, what);
            });
        }
    }

    /** A row that another producer writes, with an id that the log does not have yet. */
    private static void row(TestLog log, TableSchema table, boolean isCommitted)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = producer(other(log))) {
            producer.initTransactions();
            producer.beginTransaction();
            ProducerRecord<byte[], byte[]> message =
                    new ProducerRecord<>(table.topic(), 0, new byte[] {1}, new byte[0]);
            message.headers().add("id", log.last().toBytes());
            message.headers().add("v", new byte[] {0, 0, 0, 1});
            producer.send(message).get();
            if (isCommitted) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static void commit(TestLog log, CommitRecord commit) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = producer(other(log))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(log.topics().commits(), 0, null, ControlCodec.encode(commit)))
                    .get();
            producer.commitTransaction();
        }
    }

    /**
     * Kafka answers a commit before it has written the markers that let readers see it. The next producer of the same name waits for them
     * when it fences the one before, as each start of capture does.
     */
    private static void awaitMarkers(TestLog log) {
        for (String transactionalId : List.of(log.topics().transactionalId(), other(log))) {
            try (KafkaProducer<byte[], byte[]> next = producer(transactionalId)) {
                next.initTransactions();
            }
        }
    }

    private static String other(TestLog log) {
        return log.topics().prefix() + ".other";
    }

    private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "transactional.id", transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
