package dev.warung.outlet.link;

import dev.warung.core.runtime.FaultPoints;
import dev.warung.outlet.replica.AppWrites;
import dev.warung.outlet.replica.Outbox;
import dev.warung.outlet.replica.OutletReplica;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what is pending when nothing of the server's answer can be missing.
 *
 * <p>The rows that an upload has changed and the answers to its ops are written to their topics in one Kafka transaction. So when an answer
 * can be seen here, the rows are below where the topics end now: Kafka is asked where that is, and when every feed has come there, the ops
 * are settled. What is in the file alone decides, so after a restart the question is simply asked again.
 *
 * <pre>
 * idle → asking → reading → idle
 * </pre>
 *
 * <p>Used only by the outlet thread.
 */
final class Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ServerLink link;
    private final OutletReplica replica;
    private final OutletMetrics metrics;
    private final Outbox outbox;
    private final Set<UUID> writtenAgain = new HashSet<>();
    private boolean mayHaveAnswers = true;
    private boolean mayBeRefused = true;
    private long notBefore;
    private List<Outbox.Answer> answers = List.of();
    private long asked;
    private @Nullable Future<Map<TopicPartition, Long>> asking;
    private @Nullable Map<TopicPartition, Long> ends;

    Settling(ServerLink link, OutletReplica replica, OutletMetrics metrics) {
        this.link = link;
        this.metrics = metrics;
        this.notBefore = link.nanoTime();
        this.replica = replica;
        this.outbox = replica.outbox();
    }

    /** Rows have come: answers may be among them. */
    void rowsHaveCome() {
        mayHaveAnswers = true;
    }

    /** Requires that no transaction is open. */
    void work(Map<TopicPartition, FeedReader> readers, long nowMs) {
        if (asking == null && ends == null) {
            begin(readers.keySet());
        }
        Future<Map<TopicPartition, Long>> running = asking;
        if (running != null && running.isDone()) {
            asking = null;
            read(running);
        }
        Map<TopicPartition, Long> reached = ends;
        if (reached != null && isReached(readers, reached)) {
            ends = null;
            outbox.settle(asked, answers, nowMs);
            FaultPoints.hit("outlet.settling");
            replica.commit();
            metrics.settled(answers.stream().map(Outbox.Answer::status).toList());
            mayHaveAnswers = true;
            mayBeRefused = true;
        }
    }

    /** Nobody has to look at a row that was refused only because of the id that it had here. */
    private void writeAgainWithOtherIds() {
        outbox.refusedForId().filter(writtenAgain::add).ifPresent(op -> {
            try {
                new AppWrites(replica.file()).retry(op);
                LOG.info("Writes with local ids that a copy of this file has used are written again with others");
            } catch (AppWrites.Refused e) {
                LOG.warn("Write {} was refused for its local id, and cannot be written again: {}", op, e.getMessage());
            }
        });
    }

    private void begin(Collection<TopicPartition> partitions) {
        if (link.nanoTime() - notBefore < 0) {
            return;
        }
        answers = mayHaveAnswers ? outbox.answers() : List.of();
        if (mayHaveAnswers) {
            outbox.revise();
        }
        if (mayBeRefused) {
            mayBeRefused = false;
            writeAgainWithOtherIds();
        }
        mayHaveAnswers = false;
        if (!answers.isEmpty() || outbox.isAnyWaiting()) {
            asked = outbox.ask();
            asking = link.ends(partitions);
        }
    }

    private void read(Future<Map<TopicPartition, Long>> answer) {
        try {
            ends = answer.get();
        } catch (ExecutionException e) {
            LOG.debug("Kafka does not say where the topics end", e);
            mayHaveAnswers = true;
            notBefore = link.nanoTime() + RETRY.toNanos();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isReached(Map<TopicPartition, FeedReader> readers, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> {
            FeedReader reader = readers.get(end.getKey());
            return reader == null || reader.hasShown(end.getValue());
        });
    }
}
