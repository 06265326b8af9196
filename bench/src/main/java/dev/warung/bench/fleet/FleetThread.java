package dev.warung.bench.fleet;

import dev.warung.bench.measure.BenchException;
import dev.warung.core.wire.ShapeCodec;
import dev.warung.core.wire.ShapeRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** Some hundred light outlets on one thread. Thread: its own, but for what is said to be for others. */
final class FleetThread implements AutoCloseable {

    private static final long COMMIT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_MS = 5;
    private static final int RETRY_MS_MIN = 50;
    private static final int RETRY_MS_SPAN = 950;
    private static final int BUFFER = -1;
    private static final byte[] END_KEY = ShapeCodec.endKey();

    private final InetSocketAddress broker;
    private final ShapeCodec codec;
    private final InstantSource clock;
    private final Deliveries deliveries;
    private final Random random;
    private final Selector selector;
    private final Map<String, Link> links = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean isAsked;
    private volatile boolean isConnected = true;
    private volatile @Nullable Throwable failure;
    private int correlation;

    /** One connection of an outlet; {@code steps} is how many of its first requests it has sent. */
    private static final class Link {
        final LightOutlet outlet;
        final boolean fetches;
        int steps;
        LightOutlet.@Nullable Asked asked;

        Link(LightOutlet outlet, boolean fetches) {
            this.outlet = outlet;
            this.fetches = fetches;
        }

        String id() {
            return outlet.code() + (fetches ? "" : "/commits");
        }

        List<ApiKeys> script() {
            return fetches ? outlet.fetching() : outlet.committing();
        }
    }

    /** What a connection does later: connect again, or commit. */
    private record Due(long atNanos, String link, boolean connects) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }

    FleetThread(String name, InetSocketAddress broker, ShapeCodec codec, InstantSource clock, Deliveries deliveries) {
        this.broker = broker;
        this.codec = codec;
        this.clock = clock;
        this.deliveries = deliveries;
        this.random = new Random(name.hashCode());
        this.thread = new Thread(this::run, name);
        PlaintextChannelBuilder builder = new PlaintextChannelBuilder(null);
        builder.configure(Map.of());
        this.selector = new Selector(
                NetworkReceive.UNLIMITED,
                Selector.NO_IDLE_TIMEOUT_MS,
                new Metrics(),
                Time.SYSTEM,
                name,
                Map.of(),
                false,
                builder,
                new LogContext());
        thread.setDaemon(true);
    }

    void add(LightOutlet outlet) {
        for (boolean fetches : new boolean[] {true, false}) {
            Link link = new Link(outlet, fetches);
            links.put(link.id(), link);
        }
    }

    void start() {
        thread.start();
    }

    /** Cuts all connections, or makes them all at once, soon. For any thread. */
    void connect(boolean wanted) {
        isConnected = wanted;
        isAsked = true;
        selector.wakeup();
    }

    /** Throws what has ended the thread. For any thread. */
    void check() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException("A light outlet failed: " + thrown.getMessage(), thrown);
        }
    }

    private void run() {
        try {
            connectAll();
            while (!stopped) {
                if (isAsked) {
                    isAsked = false;
                    switchAll();
                }
                selector.poll(POLL_MS);
                for (String id : selector.disconnected().keySet()) {
                    later(id);
                }
                for (String id : selector.connected()) {
                    next(link(id));
                }
                for (NetworkReceive receive : selector.completedReceives()) {
                    receive(link(receive.source()), receive.payload());
                }
                dueNow();
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            selector.close();
        }
    }

    private Link link(String id) {
        Link link = links.get(id);
        if (link == null) {
            throw new IllegalStateException("no link " + id);
        }
        return link;
    }

    private void switchAll() throws IOException {
        due.clear();
        links.keySet().forEach(selector::close);
        if (isConnected) {
            connectAll();
        }
    }

    private void connectAll() throws IOException {
        for (Link link : links.values()) {
            connect(link);
        }
    }

    private void connect(Link link) throws IOException {
        link.steps = 0;
        link.asked = null;
        selector.connect(link.id(), broker, BUFFER, BUFFER);
    }

    /** A connection that was refused or lost is made again after a random time below a second. */
    private void later(String id) {
        if (isConnected) {
            deliveries.lost();
            long wait = TimeUnit.MILLISECONDS.toNanos(RETRY_MS_MIN + random.nextInt(RETRY_MS_SPAN));
            due.add(new Due(System.nanoTime() + wait, id, true));
        }
    }

    private void dueNow() throws IOException {
        for (Due now = due.peek(); now != null && now.atNanos() - System.nanoTime() <= 0; now = due.peek()) {
            due.remove();
            if (now.connects()) {
                connect(link(now.link()));
            } else if (selector.isChannelReady(now.link())) {
                next(link(now.link()));
            }
        }
    }

    private void next(Link link) {
        List<ApiKeys> script = link.script();
        ApiKeys what = script.get(Math.min(link.steps, script.size() - 1));
        link.steps++;
        LightOutlet.Asked asked = link.outlet.ask(what, ++correlation);
        link.asked = asked;
        selector.send(new NetworkSend(link.id(), asked.request().toSend(asked.header())));
    }

    private void receive(Link link, ByteBuffer payload) {
        LightOutlet.Asked asked = link.asked;
        if (asked == null) {
            throw new IllegalStateException(link.id() + " got an answer to nothing");
        }
        if (asked.header().apiKey() == ApiKeys.FETCH) {
            FetchResponse response = (FetchResponse) AbstractResponse.parseResponse(payload, asked.header());
            fetched(link.outlet, response);
        }
        if (link.fetches || link.steps < link.script().size()) {
            next(link);
        } else {
            // The first commit comes at a time of its own, so that the fleet's commits are spread over the interval.
            long wait = link.steps == link.script().size() ? random.nextLong(COMMIT_EVERY_NANOS) : COMMIT_EVERY_NANOS;
            due.add(new Due(System.nanoTime() + wait, link.id(), false));
        }
    }

    private void fetched(LightOutlet outlet, FetchResponse response) {
        if (response.error() != Errors.NONE) {
            throw new BenchException("The broker answers a fetch with " + response.error());
        }
        for (FetchResponseData.FetchableTopicResponse topic : response.data().responses()) {
            Feed feed = outlet.feed(topic.topicId()).orElseThrow();
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
                Errors error = Errors.forCode(partition.errorCode());
                if (error != Errors.NONE) {
                    throw new BenchException("The broker answers a fetch of " + feed.topic() + " with " + error);
                }
                outlet.advance(feed, read(outlet, feed, partition));
            }
        }
    }

    private long read(LightOutlet outlet, Feed feed, FetchResponseData.PartitionData partition) {
        long next = feed.position();
        for (RecordBatch batch : FetchResponse.recordsOrFail(partition).batches()) {
            next = batch.nextOffset();
            if (batch.isControlBatch()) {
                continue;
            }
            for (Record one : batch) {
                if (one.offset() >= feed.position() && one.hasKey() && isEnd(one.key())) {
                    delivered(outlet, one);
                }
            }
        }
        return next;
    }

    private static boolean isEnd(ByteBuffer key) {
        return key.remaining() == END_KEY.length && key.equals(ByteBuffer.wrap(END_KEY));
    }

    private void delivered(LightOutlet outlet, Record record) {
        byte[] value = new byte[record.valueSize()];
        record.value().get(value);
        if (codec.decode(Arrays.copyOf(END_KEY, END_KEY.length), value) instanceof ShapeRecord.End end
                && end.committedAtUs() > 0) {
            deliveries.add(outlet.code(), end.committedAtUs(), clock.instant());
        }
    }

    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
