package dev.warung.outlet.link;

import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.outlet.replica.Feed;
import dev.warung.outlet.replica.Outbox;
import dev.warung.outlet.replica.OutletReplica;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics that the outlet was told, until it is told others, or something fails, or the outlet stops. Each poll is one SQLite
 * transaction: what is whole becomes visible with its position.
 *
 * <p>Used only by the outlet thread.
 */
final class LinkSession implements FeedReader.ApplyListener {

    private static final Logger LOG = LoggerFactory.getLogger(LinkSession.class);
    private static final Duration WAIT = Duration.ofMillis(200);
    /** An application's writes wait this long for the next look. */
    private static final Duration WAIT_FOR_WRITES = Duration.ofMillis(50);

    private static final Duration CHORES_EVERY = Duration.ofSeconds(1);
    private static final Duration TOPICS_EVERY = Duration.ofSeconds(60);
    /** A topic that is not there may have been made a moment ago: a broker learns of it later than the controller. */
    private static final Duration BLOCKED_EVERY = Duration.ofSeconds(10);

    private static final Duration CONTACT_PATIENCE = Duration.ofSeconds(5);
    private static final long CONTACT_MAX_MS = 15_000;
    private static final long CONTACT_MIN_MS = 100;
    private static final long CONTACTS_IN_KEEP = 4;
    private static final long WAL_SHRINK_BYTES = 16L << 20;
    private static final int LATENCIES_MAX = 10_000;

    private final Assignment assignment;
    private final OutletReplica replica;
    private final Consumer<byte[], byte[]> consumer;
    private final OutletMetrics metrics;
    private final InstantSource clock;
    private final PublishedPosition published;
    private final Outbox outbox;
    private final Uploader uploader;
    private final Settling settling;

    private final List<Long> committedAtUs = new ArrayList<>();
    private long applied;
    private Map<Integer, String> waiting = Map.of();
    private boolean isOffline;
    /** Whether others are to see what is new, which they may not before it is in the file. */
    private boolean hasNews;

    private long lastContact = System.nanoTime();
    private long lastChores = System.nanoTime();
    private long lastTopics = System.nanoTime();

    LinkSession(
            OutletConnection connection,
            Assignment assignment,
            OutletReplica replica,
            Uploader uploader,
            OutletMetrics metrics,
            InstantSource clock) {
        this.assignment = assignment;
        this.replica = replica;
        this.outbox = replica.outbox();
        this.uploader = uploader;
        this.settling = new Settling(connection, replica, metrics);
        this.consumer = connection.consumer();
        this.metrics = metrics;
        this.clock = clock;
        this.published = new PublishedPosition(consumer, clock);
    }

    /**
     * Runs until {@code stop}, or until the topics to read may be others.
     *
     * @param everySecond called while all is well
     */
    void run(CountDownLatch stop, Runnable everySecond) {
        assignment.begin(this, metrics::resync);
        LOG.info("Reading {} shapes", assignment.readers().size());
        show();
        while (stop.getCount() > 0) {
            boolean isWritable = outbox.isOpen();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(isWritable ? WAIT_FOR_WRITES : WAIT);
            outbox.capture();
            if (!take(records)) {
                return;
            }
            if (!isOffline) {
                settling.work(assignment.readers(), clock.millis());
                uploader.work(assignment.outlet());
                if (uploader.hasBecomeAnother()) {
                    return;
                }
            }
            if (elapsed(lastChores).compareTo(CHORES_EVERY) > 0) {
                lastChores = System.nanoTime();
                replica.checkIdentity();
                outbox.maintain();
                if (replica.walBytes() > WAL_SHRINK_BYTES) {
                    replica.shrinkWal();
                }
                published.publish(feeds());
                show();
                if (!isOffline) {
                    everySecond.run();
                }
                if (!isOffline && mayTopicsBeOthers()) {
                    return;
                }
            }
        }
    }

    private boolean mayTopicsBeOthers() {
        boolean isBlocked = !assignment.blocked().isEmpty();
        if (elapsed(lastTopics).compareTo(isBlocked ? BLOCKED_EVERY : TOPICS_EVERY) <= 0) {
            return false;
        }
        lastTopics = System.nanoTime();
        return isBlocked || !assignment.areTopicsTheSame();
    }

    /** One poll; false if the topics to read may be others now. */
    private boolean take(ConsumerRecords<byte[], byte[]> records) {
        boolean hasContact = isContactDue();
        boolean isSame = true;
        if (isAnyLost(records.partitions())) {
            return false;
        }
        for (TopicPartition partition : records.partitions()) {
            FeedReader reader = assignment.readers().get(partition);
            if (reader == null) {
                isSame &= records.records(partition).stream()
                        .map(assignment::said)
                        .noneMatch(Optional::isPresent);
                continue;
            }
            if (freshness(reader) == Freshness.BEHIND && !reader.isBehind()) {
                contact();
                reader.fallBehind();
            }
            records.records(partition).forEach(reader::accept);
        }
        boolean isMoving = !records.isEmpty() || moved();
        if (hasContact) {
            contact();
        }
        if (isMoving || hasContact) {
            settle(hasContact);
        }
        return isSame;
    }

    /** Asked before anything is taken: a transaction that is begun keeps the application from writing. */
    private boolean isAnyLost(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            FeedReader reader = assignment.readers().get(partition);
            if (reader != null && freshness(reader) == Freshness.LOST) {
                LOG.warn("Topic {}: the link was silent for too long", partition.topic());
                return true;
            }
        }
        return false;
    }

    /** Readers that must reach a goal are told of what the consumer passed over; the others learn of it at the next contact. */
    private boolean moved() {
        boolean moved = false;
        for (Map.Entry<TopicPartition, FeedReader> entry : assignment.readers().entrySet()) {
            long position = consumer.position(entry.getKey());
            FeedReader reader = entry.getValue();
            moved |= reader.isBehind() && position > reader.position();
            reader.positionIs(position);
        }
        return moved;
    }

    private void settle(boolean hasContact) {
        long nowMs = clock.millis();
        Collection<FeedReader> readers = assignment.readers().values();
        if (readers.stream().anyMatch(r -> r.wantsNewGoal(nowMs))) {
            contact();
            readers.stream().filter(r -> r.wantsNewGoal(nowMs)).forEach(FeedReader::renewGoal);
        }
        for (FeedReader reader : readers) {
            if (hasContact) {
                reader.stage();
            }
            reader.settle(clock.millis());
        }
        becomeVisible(nowMs);
        replica.commit();
        if (hasNews) {
            show();
        }
        if (applied > 0) {
            rowsHaveCome();
        }
        metrics.committed(applied);
        committedAtUs.forEach(metrics::visible);
        applied = 0;
        committedAtUs.clear();
    }

    private void becomeVisible(long nowMs) {
        List<FeedReader> complete = assignment.readers().values().stream()
                .filter(reader -> reader.isComplete(nowMs))
                .toList();
        if (complete.isEmpty()) {
            return;
        }
        List<Feed> live = replica.feeds().stream().filter(Feed::isLive).toList();
        SwitchPlan plan =
                SwitchPlan.of(live, complete.stream().map(FeedReader::feed).toList());
        waiting = plan.waiting();
        if (plan.filled().isEmpty()) {
            return;
        }
        replica.become(
                plan.filled().stream().map(Feed::number).toList(),
                plan.gone().stream().map(Feed::number).toList());
        for (FeedReader reader : complete) {
            if (plan.filled().contains(reader.feed())) {
                reader.becameLive(replica.feed(reader.feed().number()));
                LOG.info(
                        "Shape {} is complete at change {} after {} records",
                        reader.feed().shape(),
                        reader.feed().progress().end().id(),
                        reader.feed().progress().records());
            }
        }
        rowsHaveCome();
        hasNews = true;
    }

    private void rowsHaveCome() {
        settling.rowsHaveCome();
        uploader.rowsHaveCome();
    }

    private Freshness freshness(FeedReader reader) {
        Feed feed = reader.feed();
        if (!feed.isLive()) {
            return reader.isTooOld(clock.millis()) ? Freshness.LOST : Freshness.CURRENT;
        }
        return reader.keep()
                .map(keep -> Freshness.of(keep, feed.progress().levelAtMs(), clock.millis()))
                .orElse(Freshness.LOST);
    }

    private boolean isContactDue() {
        long shortest = assignment.readers().values().stream()
                .flatMap(r -> r.keep().stream())
                .mapToLong(Freshness::versionsWithinMs)
                .min()
                .orElse(Long.MAX_VALUE);
        long every = Math.max(CONTACT_MIN_MS, Math.min(CONTACT_MAX_MS, shortest / CONTACTS_IN_KEEP));
        return elapsed(lastContact).toMillis() >= every;
    }

    /** Asks Kafka where the topics end; if it does not answer, the outlet is offline, which is no failure. */
    private void contact() {
        lastContact = System.nanoTime();
        try {
            assignment.contact(CONTACT_PATIENCE);
            if (isOffline) {
                isOffline = false;
                LOG.info("Online");
            }
        } catch (TimeoutException e) {
            if (!isOffline) {
                isOffline = true;
                LOG.warn("Offline: {}", e.getMessage());
            }
        }
        hasNews = true;
    }

    private List<Feed> feeds() {
        return assignment.readers().values().stream().map(FeedReader::feed).toList();
    }

    @Override
    public void ended(ShapeRecord.End end) {
        if (committedAtUs.size() < LATENCIES_MAX) {
            committedAtUs.add(end.committedAtUs());
        }
    }

    @Override
    public void applied(long records) {
        applied += records;
    }

    @Override
    public void outdated() {
        metrics.outdated();
    }

    private void show() {
        hasNews = false;
        List<OutletStatus.ShapeStatus> shapes = new ArrayList<>();
        for (Feed feed : replica.feeds()) {
            FeedReader reader = assignment.readers().get(new TopicPartition(feed.topic(), 0));
            String waits = assignment.blocked().getOrDefault(feed.number(), waiting.getOrDefault(feed.number(), ""));
            if (reader != null && reader.feed().number() == feed.number()) {
                shapes.add(new OutletStatus.ShapeStatus(
                        feed, reader.isBehind(), reader.newestGoal().endOffset(), waits));
            } else {
                shapes.add(new OutletStatus.ShapeStatus(
                        feed, false, feed.progress().nextOffset(), waits));
            }
        }
        OutletRecord outlet = assignment.outlet();
        metrics.show(new OutletStatus(
                state(outlet),
                outlet.name(),
                outlet.generation(),
                replica.contactAtMs(),
                shapes,
                replica.tableNames(),
                replica.walBytes(),
                outbox.counts(),
                ""));
    }

    private OutletState state(OutletRecord outlet) {
        if (!outlet.enabled()) {
            return OutletState.DISABLED;
        }
        if (isOffline) {
            return OutletState.OFFLINE;
        }
        return replica.feeds().stream().allMatch(Feed::isLive) ? OutletState.FOLLOWING : OutletState.FILLING;
    }

    private static Duration elapsed(long sinceNanos) {
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }
}
