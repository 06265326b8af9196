package dev.warung.bench.fleet;

import dev.warung.core.wire.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * What one outlet asks of the broker, and how far it has read. It has two connections as Kafka's consumer has: one fetches, one commits
 * its position to the monitoring group.
 *
 * <p>Each connection begins with the requests that Kafka's client begins with. Thread: that of its {@link FleetThread}.
 */
final class LightOutlet {

    /** As an outlet's consumer has it. */
    private static final int WAIT_MS = 500;

    private static final int BYTES_MAX = 1 << 20;
    private static final byte GROUP = 0;
    private static final String CLIENT = "light-outlet";

    private final String code;
    private final String group;
    private final Map<TopicPartition, Feed> feeds = new LinkedHashMap<>();

    LightOutlet(Topics topics, String code, List<Feed> feeds) {
        this.code = code;
        this.group = topics.monitoringGroup("outlet", code);
        feeds.forEach(feed -> this.feeds.put(new TopicPartition(feed.topic(), 0), feed));
    }

    String code() {
        return code;
    }

    /** What is asked first on a connection that fetches, then in a loop. */
    List<ApiKeys> fetching() {
        return List.of(ApiKeys.API_VERSIONS, ApiKeys.METADATA, ApiKeys.FETCH);
    }

    /** What is asked first on a connection that commits, then every few seconds. */
    List<ApiKeys> committing() {
        return List.of(ApiKeys.API_VERSIONS, ApiKeys.FIND_COORDINATOR, ApiKeys.OFFSET_COMMIT);
    }

    /** A request and the header that its answer is read with. */
    record Asked(RequestHeader header, AbstractRequest request) {}

    Asked ask(ApiKeys what, int correlation) {
        AbstractRequest request = switch (what) {
            case API_VERSIONS -> new ApiVersionsRequest.Builder().build(what.latestVersion());
            case METADATA -> new MetadataRequest.Builder(topicNames(), false).build(what.latestVersion());
            case FIND_COORDINATOR -> findCoordinator(what.latestVersion());
            case OFFSET_COMMIT -> commit();
            case FETCH -> fetch(what.latestVersion());
            default -> throw new IllegalArgumentException("an outlet does not ask for " + what);
        };
        return new Asked(new RequestHeader(what, request.version(), CLIENT, correlation), request);
    }

    private List<String> topicNames() {
        return feeds.values().stream().map(Feed::topic).toList();
    }

    private AbstractRequest findCoordinator(short version) {
        return new FindCoordinatorRequest.Builder(
                        new FindCoordinatorRequestData().setKeyType(GROUP).setCoordinatorKeys(List.of(group)))
                .build(version);
    }

    private AbstractRequest fetch(short version) {
        Map<TopicPartition, FetchRequest.PartitionData> asked = new LinkedHashMap<>();
        feeds.forEach((partition, feed) -> asked.put(
                partition,
                new FetchRequest.PartitionData(feed.id(), feed.position(), -1, BYTES_MAX, Optional.empty())));
        return FetchRequest.Builder.forConsumer(version, WAIT_MS, 1, asked)
                .isolationLevel(IsolationLevel.READ_COMMITTED)
                .setMaxBytes(BYTES_MAX)
                .metadata(FetchMetadata.LEGACY)
                .build(version);
    }

    private AbstractRequest commit() {
        List<OffsetCommitRequestData.OffsetCommitRequestTopic> topics = new ArrayList<>();
        for (Feed feed : feeds.values()) {
            topics.add(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                    .setName(feed.topic())
                    .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                            .setPartitionIndex(0)
                            .setCommittedOffset(feed.position())
                            .setCommittedMetadata("{\"at_ms\":0}"))));
        }
        OffsetCommitRequest.Builder builder = OffsetCommitRequest.Builder.forTopicNames(
                new OffsetCommitRequestData().setGroupId(group).setTopics(topics));
        return builder.build(builder.latestAllowedVersion());
    }

    /** The topic with this id, if the outlet reads it. */
    Optional<Feed> feed(Uuid id) {
        return feeds.values().stream().filter(feed -> feed.id().equals(id)).findFirst();
    }

    void advance(Feed feed, long next) {
        feeds.put(new TopicPartition(feed.topic(), 0), feed.at(next));
    }
}
