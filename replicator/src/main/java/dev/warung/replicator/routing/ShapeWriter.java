package dev.warung.replicator.routing;

import dev.warung.core.change.ChangeId;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.FaultPoints;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The one transactional producer of the router. Any failure is final: it is then closed, and what is durable is read anew.
 *
 * <p>Used only by the replicator thread.
 */
final class ShapeWriter implements AutoCloseable {

    private static final int REQUEST_BYTES_MAX = 65 << 20;
    private static final int BUFFER_BYTES = 72 << 20;
    /** Each topic that the open transaction has written to holds one, so thousands of them must fit into the buffer. */
    private static final int BATCH_BYTES = 8 << 10;
    /** Topics that are asked for at a time; whoever waits keeps a list of all topics, megabytes if there are thousands. */
    private static final int ASKED_TOGETHER = 8;
    /** A topic that was deleted is asked for until then, so this must not be days. */
    private static final Duration KNOWN_FOR = Duration.ofHours(1);
    /** A topic that has so much is sent it at once: a few topics with many rows each need not wait for the commit. */
    private static final long TOPIC_BYTES = 64 << 10;
    /**
     * Otherwise records are held back until the commit, and sent to all topics at once. A broker notes each topic that comes new to an open
     * transaction beside all those that it has, so thousands that come one after the other take it minutes; and Kafka's producer looks at all
     * its topics each time that one of them begins a batch. This is a share of the heap; beyond it all is sent.
     */
    private static final int HEAP_SHARE = 8;

    /** What holding a record takes beside its content, about. */
    private static final int RECORD_BYTES = 80;
    /** Longer than handing over what was held back takes: after that it is sent. */
    private static final Duration LINGER = Duration.ofSeconds(5);
    /** A PostgreSQL transaction is one Kafka transaction here, however large; this is the longest that a broker allows unless set. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

    private final Producer<byte[], byte[]> producer;
    /** By topic, so that each one's records go into its batches one after the other. */
    private final Map<String, Held> held = new LinkedHashMap<>();

    private final long heldBytesMax = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    private long heldBytes;
    private int topics;
    /** Whether Kafka's transaction has begun, which it does when something is sent. */
    private boolean hasBegun;

    private long records;
    private @Nullable ChangeId headerOf;
    private List<Header> headers = List.of();

    private ShapeWriter(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** What waits to be sent to a topic. */
    private static final class Held {
        private final List<Message> messages = new ArrayList<>();
        private long bytes;
    }

    private static final class Message {
        private final byte[] key;
        private final byte @Nullable [] value;
        private final List<Header> headers;

        Message(byte[] key, byte @Nullable [] value, List<Header> headers) {
            this.key = key;
            this.value = value;
            this.headers = headers;
        }

        long bytes() {
            return (long) key.length + (value == null ? 0 : value.length);
        }
    }

    /** Opens the writer and fences every other router of this prefix: what it had not committed is undone. */
    static ShapeWriter open(RouterOptions options) {
        Map<String, Object> properties = new HashMap<>(options.kafka());
        properties.put("transactional.id", options.topics().routerTransactionalId());
        properties.put("client.id", options.topics().routerTransactionalId());
        properties.put("transaction.timeout.ms", Long.toString(TRANSACTION_TIMEOUT.toMillis()));
        properties.put("acks", "all");
        // The broker compresses (ShapeTopics): here each topic's open batch would have buffers of its own, 130 kB, for
        // thousands of topics.
        properties.put("compression.type", "none");
        properties.put("linger.ms", Long.toString(LINGER.toMillis()));
        properties.put("batch.size", Integer.toString(BATCH_BYTES));
        properties.put("metadata.max.idle.ms", Long.toString(KNOWN_FOR.toMillis()));
        properties.put("max.request.size", Integer.toString(REQUEST_BYTES_MAX));
        properties.put("buffer.memory", Integer.toString(BUFFER_BYTES));
        // As large as the system lets it grow: the producer looks at all its topics before each piece that a socket
        // takes.
        properties.put("send.buffer.bytes", "-1");
        properties.put("max.block.ms", "20000");
        properties.put("request.timeout.ms", "20000");
        properties.put("delivery.timeout.ms", "60000");
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw failure("The router's producer cannot be initialised", e);
        }
        return new ShapeWriter(producer);
    }

    /** Learns where topics are, many at a time: sending asks for each in turn, which takes a round trip and a look at all others. */
    void meet(Collection<String> topics) {
        ExecutorService asking = Executors.newFixedThreadPool(ASKED_TOGETHER);
        try {
            List<Future<?>> answers = new ArrayList<>();
            topics.forEach(topic -> answers.add(asking.submit(() -> producer.partitionsFor(topic))));
            for (Future<?> answer : answers) {
                answer.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? failure("Topics of shapes cannot be found", cause)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException(
                    ErrorCode.KAFKA_UNREACHABLE, "Interrupted while topics of shapes were looked for.", e);
        } finally {
            asking.shutdownNow();
        }
    }

    /** Appends a record of a shape topic or of a private topic. */
    void send(String topic, byte[] key, byte @Nullable [] value, ChangeId id) {
        if (!id.equals(headerOf)) {
            headerOf = id;
            headers = List.of(new RecordHeader(Headers.ID, id.toBytes()));
        }
        hold(topic, new Message(key, value, headers));
    }

    /** Appends a record of the router's own topic. */
    void remember(String topic, byte[] key, byte @Nullable [] value) {
        hold(topic, new Message(key, value, List.of()));
    }

    /** Whether something was appended since the last commit. */
    boolean isOpen() {
        return hasBegun || !held.isEmpty();
    }

    /** Whether so much is held back that it should be committed, if it can be: more would have to be sent before. */
    boolean isFull() {
        return heldBytes > heldBytesMax / 4 * 3;
    }

    /** Topics appended to since the last commit; one that was written to again after everything had been sent counts again, as it costs. */
    int topics() {
        return topics;
    }

    /** Records appended since the router was opened. */
    long records() {
        return records;
    }

    /** Makes visible what was appended. */
    void commit() {
        try {
            // Not left to commitTransaction(): decision 0013.
            flush();
            FaultPoints.hit("router.sent");
            producer.commitTransaction();
            hasBegun = false;
            topics = 0;
        } catch (KafkaException e) {
            throw failure("Routed changes cannot be committed", e);
        }
    }

    @Override
    public void close() {
        // No abort and no wait: a transaction that is still open is undone by the next router, or by its timeout.
        producer.close(Duration.ZERO);
    }

    private void hold(String name, Message message) {
        long bytes = message.bytes();
        Held topic = held.computeIfAbsent(name, this::newlyHeld);
        topic.messages.add(message);
        topic.bytes += bytes;
        heldBytes += RECORD_BYTES + bytes;
        records++;
        if (topic.bytes > TOPIC_BYTES) {
            handOver(name, topic);
        } else if (heldBytes > heldBytesMax) {
            flush();
        }
    }

    private Held newlyHeld(String name) {
        topics++;
        return new Held();
    }

    /** Sends what was held back, and waits until the brokers have it. */
    private void flush() {
        held.forEach(this::handOver);
        held.clear();
        try {
            producer.flush();
        } catch (KafkaException e) {
            throw failure("Routed changes cannot be written", e);
        }
    }

    private void handOver(String name, Held topic) {
        try {
            if (!hasBegun) {
                producer.beginTransaction();
                hasBegun = true;
            }
            for (Message message : topic.messages) {
                // Its failure makes commitTransaction fail.
                var unused = producer.send(new ProducerRecord<>(name, 0, message.key, message.value, message.headers));
            }
        } catch (KafkaException | IllegalStateException e) {
            throw failure("Records of " + name + " cannot be written", e);
        }
        heldBytes -= topic.bytes + (long) RECORD_BYTES * topic.messages.size();
        topic.bytes = 0;
        topic.messages.clear();
    }

    private static PipelineException failure(String what, RuntimeException cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ProducerFencedException || t instanceof InvalidProducerEpochException) {
                return new PipelineException(ErrorCode.FENCED, what + ": another router took over.", cause);
            }
        }
        return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, what + ": " + cause, cause);
    }
}
