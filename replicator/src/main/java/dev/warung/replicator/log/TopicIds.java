package dev.warung.replicator.log;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Kafka's own identifiers of topics: one that was deleted and created anew has another, though its name and offsets look valid. */
public final class TopicIds {

    private final Admin admin;

    public TopicIds(Admin admin) {
        this.admin = admin;
    }

    /** The ids of those topics that exist. */
    public Map<String, String> of(Collection<String> topics) {
        Map<String, String> ids = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> entry :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            describe(entry.getValue())
                    .ifPresent(d -> ids.put(entry.getKey(), d.topicId().toString()));
        }
        return ids;
    }

    /**
     * Compares with the ids known from before.
     *
     * @throws ResyncNeededException if a topic is gone or is another one now
     */
    public void check(Map<String, String> known) {
        Map<String, String> now = of(known.keySet());
        known.forEach((topic, id) -> {
            String current = now.get(topic);
            if (current == null) {
                throw new ResyncNeededException("topic " + topic + " is gone");
            }
            if (!current.equals(id)) {
                throw new ResyncNeededException("topic " + topic + " was deleted and created anew");
            }
        });
    }

    private static Optional<TopicDescription> describe(KafkaFuture<TopicDescription> future) {
        try {
            return Optional.of(future.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE, "Cannot describe topics: " + e.getCause() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "Interrupted while describing topics.", e);
        }
    }
}
