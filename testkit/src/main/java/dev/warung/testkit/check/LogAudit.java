package dev.warung.testkit.check;

import dev.warung.core.change.ChangeId;
import dev.warung.core.wire.CommitRecord;
import dev.warung.core.wire.ControlCodec;
import dev.warung.core.wire.Headers;
import dev.warung.core.wire.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of the log, read while it grows: ids only grow inside a topic (I5), the commit records form one chain (I2), every
 * record that they cover is there (I2), no PostgreSQL transaction ends twice (I2).
 *
 * <p>Records that no commit record covers do not count: a broker that dies while it ends a transaction may show a part of it (decision 21).
 *
 * <p>Each call reads only what is new. Thread: one.
 */
public final class LogAudit {

    private final LogReader reader;
    private final Topics topics;
    private final Map<String, Long> next = new HashMap<>();
    /** What commit records cover and was not read yet: by topic, from the first offset of each part. */
    private final Map<String, NavigableMap<Long, Part>> parts = new HashMap<>();
    /** Up to where commit records tell about a topic. */
    private final Map<String, Long> told = new HashMap<>();

    private final Map<String, ChangeId> lastIds = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long commitsRead;
    private @Nullable ChangeId lastCommit;
    private ChangeId lastEnd = ChangeId.NONE;
    private long records;
    private long commits;
    private long transactions;
    private long uncovered;

    /** The records of one Kafka transaction in one topic. */
    private static final class Part {
        private final long end;
        private final long count;
        private long seen;

        Part(CommitRecord.Extent extent) {
            this.end = extent.endOffset();
            this.count = extent.count();
        }
    }

    public LogAudit(LogReader reader, Topics topics) {
        this.reader = reader;
        this.topics = topics;
    }

    /** Everything that was found wrong so far; empty if nothing was. */
    public List<String> problems() {
        commitsRead = reader.read(
                topics.commits(), commitsRead, message -> check(ControlCodec.decodeCommit(message.value())));
        reader.tableTopics().forEach(topic -> next.putIfAbsent(topic, 0L));
        reader.read(next, this::check);
        // What lies beyond is read again when a commit record tells of it.
        next.replaceAll((topic, offset) -> Math.min(offset, told.getOrDefault(topic, 0L)));
        parts.forEach(this::closeParts);
        return List.copyOf(problems);
    }

    private void closeParts(String topic, NavigableMap<Long, Part> ofTopic) {
        long readTo = next.getOrDefault(topic, 0L);
        ofTopic.values().removeIf(part -> {
            if (part.end > readTo) {
                return false;
            }
            if (part.seen != part.count) {
                problems.add("I2: " + topic + " shows " + part.seen + " of " + part.count
                        + " records that a commit record covers below offset " + part.end);
            }
            return true;
        });
    }

    /** Records of table topics that were read. */
    public long records() {
        return records;
    }

    /** Commit records that were read. */
    public long commits() {
        return commits;
    }

    /** PostgreSQL transactions whose end was read. */
    public long transactions() {
        return transactions;
    }

    /** Records that are visible although no commit record covers them. */
    public long uncovered() {
        return uncovered;
    }

    /** Records with both headers, ids growing. A tombstone has an id of its own. */
    private void check(ConsumerRecord<byte[], byte[]> message) {
        if (message.offset() >= told.getOrDefault(message.topic(), 0L)) {
            return;
        }
        Map.Entry<Long, Part> part =
                parts.getOrDefault(message.topic(), new TreeMap<>()).floorEntry(message.offset());
        if (part == null || message.offset() >= part.getValue().end) {
            uncovered++;
            return;
        }
        part.getValue().seen++;
        records++;
        Header id = message.headers().lastHeader(Headers.ID);
        if (id == null || message.headers().lastHeader(Headers.VERSION) == null) {
            problems.add("I5: " + message.topic() + " offset " + message.offset() + " lacks a header");
            return;
        }
        ChangeId here = ChangeId.fromBytes(id.value());
        ChangeId last = lastIds.getOrDefault(message.topic(), ChangeId.NONE);
        if (!here.isAfter(last)) {
            problems.add(
                    "I5: " + message.topic() + " offset " + message.offset() + " has id " + here + " after " + last);
        }
        lastIds.put(message.topic(), here);
    }

    private void check(CommitRecord commit) {
        commits++;
        transactions += commit.ends().size();
        commit.topics().forEach((topic, extent) -> {
            told.put(topic, extent.endOffset());
            if (extent.count() > 0) {
                parts.computeIfAbsent(topic, t -> new TreeMap<>())
                        .put(extent.endOffset() - extent.count(), new Part(extent));
            }
        });
        if (lastCommit != null && !commit.previous().equals(lastCommit)) {
            problems.add("I2: a commit record follows " + commit.previous() + ", but the one before ends with "
                    + lastCommit);
        }
        if (!commit.last().isAfter(commit.previous())) {
            problems.add("I5: a commit record ends with " + commit.last() + " after " + commit.previous());
        }
        for (CommitRecord.TransactionEnd end : commit.ends()) {
            if (!end.id().isAfter(lastEnd)) {
                problems.add("I2: the transaction that ends with " + end.id() + " ends after " + lastEnd);
            }
            lastEnd = end.id();
        }
        lastCommit = commit.last();
    }
}
