package dev.warung.replicator.outlets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Compares what outlets published in their monitoring groups with the ends of their topics. It needs no answer of an outlet.
 *
 * <p>Thread: one.
 */
public final class OutletLagReader implements AutoCloseable {

    /** As the role in {@link Topics#monitoringGroup}. */
    private static final String ROLE = "outlet";

    private static final Duration TIMES_LIMIT = Duration.ofSeconds(5);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final int PATIENCE_MS = 20_000;
    /** Kafka sends at least one batch whatever the limit. */
    private static final int FETCH_BYTES = 1 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Topics topics;
    private final InstantSource clock;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> recordsConsumer;
    private final KafkaConsumer<byte[], byte[]> timesConsumer;
    private final OutletRecords records;
    private final RecordTimes times;

    /** @param clientProperties what all Kafka clients need: servers, security */
    public OutletLagReader(Map<String, Object> clientProperties, Topics topics, InstantSource clock) {
        this.topics = topics;
        this.clock = clock;
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        this.admin = Admin.create(properties);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.recordsConsumer = consumer(properties);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        this.timesConsumer = consumer(properties);
        this.records = new OutletRecords(topics, recordsConsumer);
        this.times = new RecordTimes(timesConsumer);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Every outlet that has a private topic, by code. @throws PipelineException KAFKA_UNREACHABLE */
    public List<OutletLag> readAll() {
        String prefix = topics.outlet("");
        Set<String> names = get(admin.listTopics().names());
        return read(names.stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList());
    }

    /** These outlets, by code; one without a private topic has no feeds. @throws PipelineException KAFKA_UNREACHABLE */
    public List<OutletLag> read(Collection<String> codes) {
        if (codes.isEmpty()) {
            return List.of();
        }
        Set<TopicPartition> privates = new HashSet<>();
        codes.forEach(code -> privates.add(partition(topics.outlet(code))));
        records.readTo(ends(privates));
        Set<TopicPartition> feeds = new HashSet<>();
        codes.forEach(code ->
                records.of(code).ifPresent(of -> of.shapes().forEach(feed -> feeds.add(partition(feed.topic())))));
        Map<TopicPartition, Long> ends = ends(feeds);
        Map<String, Map<TopicPartition, OffsetAndMetadata>> positions = positions(codes);
        Set<RecordTimes.Place> places = new HashSet<>();
        codes.forEach(code -> places.addAll(behind(code, ends, positions.getOrDefault(code, Map.of()))));
        Map<RecordTimes.Place, Long> written = times.read(places, TIMES_LIMIT);
        List<OutletLag> lags = new ArrayList<>();
        for (String code : codes) {
            lags.add(lag(code, ends, positions.getOrDefault(code, Map.of()), written));
        }
        lags.sort(Comparator.comparing(OutletLag::code));
        return lags;
    }

    private OutletLag lag(
            String code,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, OffsetAndMetadata> positions,
            Map<RecordTimes.Place, Long> written) {
        long rows = 0;
        long behindMs = 0;
        for (RecordTimes.Place place : behind(code, ends, positions)) {
            rows += ends.getOrDefault(place.partition(), 0L) - place.offset();
            Long at = written.get(place);
            behindMs = at == null ? behindMs : Math.max(behindMs, clock.millis() - at);
        }
        OptionalLong lastSeen = OptionalLong.empty();
        String applied = "";
        for (OffsetAndMetadata position : positions.values()) {
            JsonNode said = said(position.metadata());
            long at = said.path("at_ms").asLong();
            if (at > lastSeen.orElse(0)) {
                lastSeen = OptionalLong.of(at);
                applied = said.path("applied").asText();
            }
        }
        List<OutletRecord.Feed> feeds =
                records.of(code).map(OutletRecord::shapes).orElse(List.of());
        return new OutletLag(code, feeds, lastSeen, applied, rows, behindMs);
    }

    /** Where the outlet stands in those of its topics that hold more. */
    private List<RecordTimes.Place> behind(
            String code, Map<TopicPartition, Long> ends, Map<TopicPartition, OffsetAndMetadata> positions) {
        List<RecordTimes.Place> places = new ArrayList<>();
        for (OutletRecord.Feed feed : records.of(code).map(OutletRecord::shapes).orElse(List.of())) {
            TopicPartition partition = partition(feed.topic());
            OffsetAndMetadata position = positions.get(partition);
            long offset = position == null ? 0 : position.offset();
            if (ends.getOrDefault(partition, 0L) > offset) {
                places.add(new RecordTimes.Place(partition, offset));
            }
        }
        return places;
    }

    private static JsonNode said(String metadata) {
        try {
            return JSON.readTree(metadata);
        } catch (JsonProcessingException e) {
            // Somebody else's tool may have committed in the group: then it says nothing about the outlet.
            return JSON.missingNode();
        }
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> positions(Collection<String> codes) {
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        codes.forEach(code -> groups.put(topics.monitoringGroup(ROLE, code), new ListConsumerGroupOffsetsSpec()));
        ListConsumerGroupOffsetsResult result = admin.listConsumerGroupOffsets(groups);
        Map<String, Map<TopicPartition, OffsetAndMetadata>> positions = new HashMap<>();
        for (String code : codes) {
            Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
            get(result.partitionsToOffsetAndMetadata(topics.monitoringGroup(ROLE, code)))
                    .forEach((partition, position) -> {
                        if (position != null) {
                            known.put(partition, position);
                        }
                    });
            positions.put(code, known);
        }
        return positions;
    }

    /** Of those that exist. */
    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        ListOffsetsResult result = admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                ends.put(partition, result.partitionResult(partition).get().offset());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw unreachable(e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        return ends;
    }

    private static TopicPartition partition(String topic) {
        return new TopicPartition(topic, 0);
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static PipelineException unreachable(ExecutionException e) {
        return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, e.getCause() + ".", e);
    }

    private static PipelineException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "interrupted.", e);
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement names a group membership, which we do not have
    public void close() {
        admin.close(CLOSE_PATIENCE);
        recordsConsumer.close(CLOSE_PATIENCE);
        timesConsumer.close(CLOSE_PATIENCE);
    }
}
