package dev.warung.outlet.link;

import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.OutletReplica;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One process of an outlet from its start to its end, without Kafka: it does what {@link LinkSession} and {@link Assignment} do with the
 * readers, the settling and the uploader, each step when it is told to.
 */
public final class SimulatedSession implements FeedReader.ApplyListener {

    private static final int SKIPPED_MAX = 10;
    private static final OutletMetrics METRICS = new OutletMetrics(new SimpleMeterRegistry(), InstantSource.system());

    private final OutletReplica replica;
    private final Broker broker;
    private final InstantSource clock;
    private final MockProducer<byte[], byte[]> producer;
    private final Uploader uploader;
    private final Map<TopicPartition, FeedReader> readers = new LinkedHashMap<>();
    private final ServerLink link = new Link();
    private OutletRecord outlet;
    private Settling settling;
    private boolean isLinked;
    private long applied;

    /** Kafka, as one outlet sees it. */
    public interface Broker {
        OutletRecord told();

        /** Where a reader of what is committed finds nothing more. */
        long committedEnd(String topic);

        /** Empty where there is nothing to be read: marks of transactions, and what was taken back. */
        Optional<ConsumerRecord<byte[], byte[]>> record(String topic, long offset);

        Future<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions);

        void sent(byte[] upload);

        long nanoTime();
    }

    /** The process has started, and Kafka answers. */
    public SimulatedSession(OutletReplica replica, Broker broker, InstantSource clock) {
        this.replica = replica;
        this.broker = broker;
        this.clock = clock;
        this.outlet = broker.told();
        this.producer = new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                broker.sent(record.value());
                return super.send(record, callback);
            }
        };
        this.uploader = new Uploader(link, replica, METRICS, clock);
        this.settling = new Settling(link, replica, METRICS);
    }

    private final class Link implements ServerLink {
        @Override
        public Future<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
            return broker.ends(partitions);
        }

        @Override
        public Producer<byte[], byte[]> producer() {
            return producer;
        }

        @Override
        public String uploadTopic() {
            return "upload";
        }

        @Override
        public long nanoTime() {
            return broker.nanoTime();
        }
    }

    /** Kafka has the oldest upload that is on its way. */
    public void acknowledge() {
        producer.completeNext();
    }

    /** The outlet is told that Kafka does not have it. */
    public void fail() {
        producer.errorNext(new TimeoutException("the link is down"));
    }

    /**
     * One round of the outlet's thread while it is online.
     *
     * @param limit how many records of a topic have come
     * @param hasContact whether Kafka is asked where the topics end
     */
    public void turn(ToIntFunction<String> limit, boolean hasContact) {
        if (!isLinked || !outlet.equals(broker.told())) {
            link();
        }
        replica.outbox().capture();
        if (readers.values().stream().anyMatch(reader -> freshness(reader) == Freshness.LOST)) {
            isLinked = false;
            return;
        }
        readers.values()
                .forEach(reader -> take(reader, limit.applyAsInt(reader.feed().topic())));
        if (hasContact) {
            contact();
        }
        settle(hasContact);
        settling.work(readers, clock.millis());
        uploader.work(outlet);
    }

    /** While it is offline it takes in what the application writes, and no more. */
    public void turnOffline() {
        replica.outbox().capture();
    }

    /** How far the live feed of a shape has come, if it is being read. */
    public Optional<Feed> live(String shape) {
        return replica.feeds().stream()
                .filter(feed -> feed.isLive() && feed.shape().equals(shape))
                .findFirst();
    }

    private void link() {
        outlet = broker.told();
        adopt();
        readers.clear();
        long nowMs = clock.millis();
        for (Feed feed : FeedPlan.toRead(outlet, replica.feeds())) {
            long end = broker.committedEnd(feed.topic());
            Feed start = startOf(feed, nowMs);
            Freshness freshness = start.isLive() ? freshness(start, nowMs) : Freshness.LOST;
            readers.put(
                    new TopicPartition(feed.topic(), 0),
                    new FeedReader(replica, start, new Goal(end, nowMs), freshness, this));
        }
        replica.contact(nowMs);
        replica.commit();
        settling = new Settling(link, replica, METRICS);
        isLinked = true;
    }

    private void adopt() {
        int known = replica.record().map(OutletRecord::generation).orElse(0);
        FeedPlan plan = FeedPlan.of(outlet, known, replica.feeds());
        plan.abandon().forEach(replica::abandon);
        if (!plan.gone().isEmpty()) {
            replica.become(List.of(), plan.gone().stream().map(Feed::number).toList());
        }
        plan.begin().forEach(source -> replica.begin(source, clock.millis()));
        replica.record(outlet);
        replica.commit();
    }

    private Feed startOf(Feed feed, long nowMs) {
        boolean isLost = feed.progress().nextOffset() > broker.committedEnd(feed.topic())
                || (feed.isLive() ? freshness(feed, nowMs) == Freshness.LOST : isTooOld(feed, nowMs));
        if (!isLost) {
            return feed;
        }
        if (!feed.isLive()) {
            replica.abandon(feed);
        }
        return replica.begin(feed.source(), nowMs);
    }

    private static boolean isTooOld(Feed feed, long nowMs) {
        return feed.schema()
                .map(s -> Freshness.of(s.keep(), feed.progress().startedAtMs(), nowMs) == Freshness.LOST)
                .orElse(false);
    }

    private static Freshness freshness(Feed feed, long nowMs) {
        return Freshness.of(feed.schema().orElseThrow().keep(), feed.progress().levelAtMs(), nowMs);
    }

    private Freshness freshness(FeedReader reader) {
        if (reader.feed().isLive()) {
            return freshness(reader.feed(), clock.millis());
        }
        return reader.isTooOld(clock.millis()) ? Freshness.LOST : Freshness.CURRENT;
    }

    private void take(FeedReader reader, int limit) {
        if (freshness(reader) == Freshness.BEHIND && !reader.isBehind()) {
            contact();
            reader.fallBehind();
        }
        String topic = reader.feed().topic();
        long end = broker.committedEnd(topic);
        long offset = reader.position();
        int taken = 0;
        int skipped = 0;
        while (offset < end && taken < limit && skipped < SKIPPED_MAX) {
            Optional<ConsumerRecord<byte[], byte[]>> found = broker.record(topic, offset);
            found.ifPresent(reader::accept);
            taken += found.isPresent() ? 1 : 0;
            skipped += found.isPresent() ? 0 : 1;
            offset++;
        }
        reader.positionIs(offset);
    }

    private void contact() {
        long nowMs = clock.millis();
        readers.forEach((partition, reader) -> reader.ends(new Goal(broker.committedEnd(partition.topic()), nowMs)));
        replica.contact(nowMs);
    }

    private void settle(boolean hasContact) {
        long nowMs = clock.millis();
        if (readers.values().stream().anyMatch(r -> r.wantsNewGoal(nowMs))) {
            contact();
            readers.values().stream().filter(r -> r.wantsNewGoal(nowMs)).forEach(FeedReader::renewGoal);
        }
        for (FeedReader reader : readers.values()) {
            if (hasContact) {
                reader.stage();
            }
            reader.settle(clock.millis());
        }
        becomeVisible(nowMs);
        replica.commit();
        if (applied > 0) {
            settling.rowsHaveCome();
        }
        applied = 0;
    }

    private void becomeVisible(long nowMs) {
        List<FeedReader> complete =
                readers.values().stream().filter(r -> r.isComplete(nowMs)).toList();
        if (complete.isEmpty()) {
            return;
        }
        List<Feed> live =
                new ArrayList<>(replica.feeds().stream().filter(Feed::isLive).toList());
        SwitchPlan plan =
                SwitchPlan.of(live, complete.stream().map(FeedReader::feed).toList());
        if (plan.filled().isEmpty()) {
            return;
        }
        replica.become(
                plan.filled().stream().map(Feed::number).toList(),
                plan.gone().stream().map(Feed::number).toList());
        for (FeedReader reader : complete) {
            if (plan.filled().contains(reader.feed())) {
                reader.becameLive(replica.feed(reader.feed().number()));
            }
        }
        settling.rowsHaveCome();
    }

    @Override
    public void ended(ShapeRecord.End end) {
        // Nobody measures.
    }

    @Override
    public void applied(long records) {
        applied += records;
    }

    @Override
    public void outdated() {
        throw new AssertionError("a record of a topic is older than the one before it");
    }
}
