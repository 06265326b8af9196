package dev.warung.outlet.link;

import dev.warung.core.wire.OutletRecord;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.OutletReplica;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics are read and from where: what the outlet's private topic says, compared with the file. Used only by the outlet thread.
 */
final class Assignment {

    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    private static final Duration PATIENCE = PrivateTopic.PATIENCE;

    private final OutletConnection connection;
    private final Consumer<byte[], byte[]> consumer;
    private final OutletReplica replica;
    private final InstantSource clock;
    private final TopicPartition own;
    private final Map<TopicPartition, FeedReader> readers = new LinkedHashMap<>();
    private final Map<Integer, String> blocked = new LinkedHashMap<>();
    private final OutletRecord outlet;

    /** @param outlet what the private topic says; the consumer stands at its end */
    Assignment(OutletConnection connection, OutletReplica replica, InstantSource clock, OutletRecord outlet) {
        this.connection = connection;
        this.consumer = connection.consumer();
        this.replica = replica;
        this.clock = clock;
        this.own = connection.privateTopic().partition();
        this.outlet = outlet;
    }

    OutletRecord outlet() {
        return outlet;
    }

    Map<TopicPartition, FeedReader> readers() {
        return readers;
    }

    /** Feeds that are not read now, and why. */
    Map<Integer, String> blocked() {
        return blocked;
    }

    /** What a record of the private topic says about the outlet; empty if it says something else. */
    Optional<OutletRecord> said(ConsumerRecord<byte[], byte[]> record) {
        return connection.privateTopic().said(record);
    }

    /** Makes the file ready for what the outlet is told, and begins to read where each feed stands. */
    void begin(FeedReader.ApplyListener listener, Runnable onResync) {
        adopt(onResync);
        List<Feed> feeds = readable();
        Set<TopicPartition> partitions =
                feeds.stream().map(Assignment::partition).collect(Collectors.toSet());
        Set<TopicPartition> all = new HashSet<>(partitions);
        all.add(own);
        long privateOffset = consumer.position(own, PATIENCE);
        consumer.assign(all);
        consumer.seek(own, privateOffset);
        long nowMs = clock.millis();
        Map<TopicPartition, Long> ends = connection.readableEnds(partitions, PATIENCE);
        Map<TopicPartition, Long> firsts = connection.beginnings(partitions, PATIENCE);
        for (Feed feed : feeds) {
            TopicPartition partition = partition(feed);
            long end = ends.getOrDefault(partition, 0L);
            long first = firsts.getOrDefault(partition, 0L);
            Feed start = startOf(feed, first, end, nowMs, onResync);
            Freshness freshness = start.isLive() ? freshness(start, nowMs) : Freshness.LOST;
            readers.put(partition, new FeedReader(replica, start, new Goal(end, nowMs), freshness, listener));
            consumer.seek(partition, Math.max(first, start.progress().nextOffset()));
        }
        replica.contact(nowMs);
        replica.commit();
    }

    /** Asks Kafka where the topics end now, which also proves that it can be reached. */
    void contact(Duration patience) {
        long nowMs = clock.millis();
        Set<TopicPartition> asked = readers.isEmpty() ? Set.of(own) : readers.keySet();
        Map<TopicPartition, Long> ends = connection.readableEnds(asked, patience);
        readers.forEach((partition, reader) -> reader.ends(new Goal(ends.getOrDefault(partition, 0L), nowMs)));
        replica.contact(nowMs);
    }

    /** Whether the topics being read are still those that the server has named. */
    boolean areTopicsTheSame() {
        List<Feed> feeds = readers.values().stream().map(FeedReader::feed).toList();
        if (feeds.isEmpty()) {
            return true;
        }
        Map<String, String> ids =
                connection.topicIds(feeds.stream().map(Feed::topic).toList());
        return feeds.stream().allMatch(f -> f.source().topicId().equals(ids.get(f.topic())));
    }

    private void adopt(Runnable onResync) {
        int known = replica.record().map(OutletRecord::generation).orElse(0);
        FeedPlan plan = FeedPlan.of(outlet, known, replica.feeds());
        long nowMs = clock.millis();
        plan.abandon().forEach(replica::abandon);
        if (!plan.gone().isEmpty()) {
            LOG.info("Shapes that go: {}", plan.gone().stream().map(Feed::shape).toList());
            replica.become(List.of(), plan.gone().stream().map(Feed::number).toList());
        }
        plan.begin().forEach(source -> {
            LOG.info("Shape {} is read from the start of {}", source.shape(), source.topic());
            replica.begin(source, nowMs);
            onResync.run();
        });
        replica.record(outlet);
        replica.commit();
    }

    /** The feeds to read whose topics are there. */
    private List<Feed> readable() {
        List<Feed> wanted = FeedPlan.toRead(outlet, replica.feeds());
        if (wanted.isEmpty()) {
            return wanted;
        }
        Map<String, String> ids =
                connection.topicIds(wanted.stream().map(Feed::topic).toList());
        for (Feed feed : wanted) {
            String id = ids.get(feed.topic());
            if (!feed.source().topicId().equals(id)) {
                String why = id == null
                        ? "topic " + feed.topic() + " is gone"
                        : "topic " + feed.topic() + " was deleted and created anew";
                LOG.warn("Shape {}: {}; the server has not named another one yet", feed.shape(), why);
                blocked.put(feed.number(), why);
            }
        }
        return wanted.stream().filter(f -> !blocked.containsKey(f.number())).toList();
    }

    /** The feed itself, or a new one if what lies after it cannot be trusted. */
    private Feed startOf(Feed feed, long first, long end, long nowMs, Runnable onResync) {
        long next = feed.progress().nextOffset();
        String why = "";
        if (next > end) {
            why = "it ends at offset " + end + ", but was read up to " + next;
        } else if (next < first && next > 0) {
            why = "it begins at offset " + first + ", but was read up to " + next;
        } else if (feed.isLive() && freshness(feed, nowMs) == Freshness.LOST) {
            why = "deletes may have been missed";
        } else if (!feed.isLive() && isTooOld(feed, nowMs)) {
            why = "reading it took so long that deletes may have been missed";
        }
        if (why.isEmpty()) {
            return feed;
        }
        LOG.warn("Topic {} is read from its start: {}", feed.topic(), why);
        if (!feed.isLive()) {
            replica.abandon(feed);
        }
        onResync.run();
        return replica.begin(feed.source(), nowMs);
    }

    private static boolean isTooOld(Feed feed, long nowMs) {
        return feed.schema()
                .map(s -> Freshness.of(s.keep(), feed.progress().startedAtMs(), nowMs) == Freshness.LOST)
                .orElse(false);
    }

    private static Freshness freshness(Feed feed, long nowMs) {
        return feed.schema()
                .map(s -> Freshness.of(s.keep(), feed.progress().levelAtMs(), nowMs))
                .orElse(Freshness.LOST);
    }

    private static TopicPartition partition(Feed feed) {
        return new TopicPartition(feed.topic(), 0);
    }
}
