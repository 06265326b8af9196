package dev.warung.replicator.bootstrap;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.PositionRecord;
import dev.warung.core.wire.Topics;
import dev.warung.replicator.log.LogConnection;
import dev.warung.replicator.log.LogTail;
import java.util.List;
import java.util.Map;

/**
 * Tells a topic that holds its table from one that has lost rows: then a backup built from it would be wrong, and only a new epoch helps.
 * Used only by the replicator thread.
 */
final class TopicSoundness {

    private final LogConnection log;
    private final PositionRecord position;
    private final Map<String, String> knownTopicIds;

    private TopicSoundness(LogConnection log, PositionRecord position, Map<String, String> knownTopicIds) {
        this.log = log;
        this.position = position;
        this.knownTopicIds = knownTopicIds;
    }

    /** If the commits topic is another one than the backup knows, then this is a new log, of which nothing is known. */
    static TopicSoundness of(
            LogConnection log, Topics topics, PositionRecord position, Map<String, String> knownTopicIds) {
        String commitsId = log.topicIds().of(List.of(topics.commits())).getOrDefault(topics.commits(), "");
        boolean isSameLog = commitsId.equals(knownTopicIds.get(topics.commits()));
        return new TopicSoundness(log, position, isSameLog ? knownTopicIds : Map.of());
    }

    void check(String topic) {
        String id = log.topicIds().of(List.of(topic)).get(topic);
        if (id == null) {
            throw lost(topic, "is gone");
        }
        if (!id.equals(knownTopicIds.getOrDefault(topic, id))) {
            throw lost(topic, "was deleted and created anew");
        }
        long end = LogTail.of(log.admin(), topic);
        long expected = position.ends().getOrDefault(topic, 0L);
        if (end < expected) {
            throw lost(topic, "ends at offset " + end + ", but capture has written up to " + expected);
        }
    }

    private static PipelineException lost(String topic, String why) {
        return new PipelineException(
                ErrorCode.LOG_INCONSISTENT,
                "Topic " + topic + " " + why + ": rows of its table are missing in the log.");
    }
}
