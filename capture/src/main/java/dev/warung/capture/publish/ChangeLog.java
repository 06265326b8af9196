package dev.warung.capture.publish;

import dev.warung.capture.copy.GenerationCopies;
import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.history.CatalogHistory;
import dev.warung.capture.history.DdlLogDecoder;
import dev.warung.capture.history.SchemaPlanner;
import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.Producer;

/**
 * The log in Kafka, opened for writing by the one capture that may write.
 *
 * <p>After any failure it is closed and opened anew: only reading it back tells what was committed.
 */
public final class ChangeLog implements AutoCloseable {

    private final LogWriter writer;
    private final TableStream.Parts parts;
    private final PublisherOptions options;
    private final InstantSource clock;
    private final Found found;

    /** What takes part in the stream beside the log: who reads DDL rows, who copies generations. */
    public record Helpers(DdlLogDecoder decoder, GenerationCopies copies) {}

    /** Which log. */
    public record Place(KafkaSettings kafka, Topics topics) {}

    /** What was there when the log was opened; {@code damage} says what it lacks of it. */
    private record Found(Optional<DurablePosition> position, Optional<String> damage, long commitsEnd) {}

    private ChangeLog(
            LogWriter writer, TableStream.Parts parts, PublisherOptions options, InstantSource clock, Found found) {
        this.writer = writer;
        this.parts = parts;
        this.options = options;
        this.clock = clock;
        this.found = found;
    }

    /** Fences every other capture of this prefix, then reads back what is durable. */
    public static ChangeLog open(Place place, PublisherOptions options, Helpers helpers, InstantSource clock) {
        TopicMaker topicMaker = new TopicMaker(place.kafka(), place.topics());
        try {
            topicMaker.requireSafeTransactions();
            topicMaker.makeControlTopics();
            KafkaLog log = KafkaLog.open(place.kafka(), place.topics());
            try (DurableLogReader reader = new DurableLogReader(place.kafka(), place.topics(), clock)) {
                CatalogHistory history = new CatalogHistory();
                Optional<DurablePosition> found = reader.position();
                reader.history(history);
                Set<String> there = reader.topics();
                history.taken(
                        (table, generation) -> there.contains(place.topics().table(table, generation)));
                LogWriter writer = new LogWriter(log, topicMaker, found.orElseGet(ChangeLog::nothing), clock);
                TableStream.Parts parts = new TableStream.Parts(
                        place.topics(),
                        history,
                        new SchemaPlanner(history, place.topics()),
                        helpers.decoder(),
                        helpers.copies());
                return new ChangeLog(
                        writer,
                        parts,
                        options,
                        clock,
                        new Found(found, found.flatMap(reader::damage), reader.commitsEnd()));
            } catch (RuntimeException e) {
                log.close();
                throw e;
            }
        } catch (RuntimeException e) {
            topicMaker.close();
            throw e;
        }
    }

    /** What was durable when the log was opened; empty if nothing was ever written. */
    public Optional<DurablePosition> found() {
        return found.position();
    }

    /**
     * To be called before the log is gone on with; a new epoch needs nothing of what was.
     *
     * @throws PipelineException LOG_INCONSISTENT if records are missing: going on would leave a hole (I12)
     */
    public void requireWhole() {
        found.damage().ifPresent(what -> {
            throw new PipelineException(ErrorCode.LOG_INCONSISTENT, what);
        });
    }

    /** How far the log is durable now. */
    public DurablePosition durable() {
        return writer.durable();
    }

    /** For metrics only: the producer that writes the log until this is closed. */
    public Producer<?, ?> producer() {
        return writer.producer();
    }

    public CatalogHistory history() {
        return parts.history();
    }

    /**
     * Begins a new epoch and copies all tables; afterwards the log can be streamed to.
     *
     * @param epoch above that of every record in the log
     * @param offset the engine's first offset
     */
    public void copy(
            int epoch,
            InitialCopy copy,
            PositionRecord.Server server,
            Map<String, Object> offset,
            StreamProgress progress)
            throws InterruptedException {
        CopyPublisher publisher = new CopyPublisher(
                writer, parts, options, clock, new CopyPublisher.Epoch(epoch, found.commitsEnd(), server, progress));
        Map<Long, TableSchema> schemas = publisher.begin(copy.tables());
        copy.copy(schemas, publisher);
        publisher.complete(copy.consistentPoint(), offset);
    }

    /**
     * The stream from the durable position on.
     *
     * @param proof the transaction that PostgreSQL sends first, though the log has it: with another one, it has another history
     * @param offsets makes the engine's offset for a commit and its time
     */
    public StreamPublisher stream(
            Optional<CommitRecord.TransactionEnd> proof,
            BiFunction<Lsn, Long, Map<String, Object>> offsets,
            StreamProgress progress) {
        TableStream tables = new TableStream(writer, parts, options, clock);
        return new StreamPublisher(
                writer, tables, options, clock, new StreamPublisher.Start(writer.durable(), proof, offsets, progress));
    }

    @Override
    public void close() {
        writer.close();
    }

    private static DurablePosition nothing() {
        return new DurablePosition(
                0,
                PositionRecord.State.COPYING,
                ChangeId.NONE,
                Lsn.ZERO,
                Optional.empty(),
                Map.of(),
                0,
                0,
                Map.of(),
                new PositionRecord.Server("", 0, "", 0, ""));
    }
}
