package dev.warung.testkit.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks for words of other tenants in bytes: files whole, records with their keys and headers, also aborted ones. */
public final class CanaryScan {

    private static final Duration POLL = Duration.ofMillis(100);

    private final List<String> found = new ArrayList<>();
    private long bytes;

    /** Each word that was found where it may not be, with the place. */
    public List<String> found() {
        return List.copyOf(found);
    }

    /** How much was looked through. */
    public long bytes() {
        return bytes;
    }

    /** Every file below a directory: a database with its WAL, a log. */
    public void files(Path directory, List<String> words) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                file(file, words);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One file, if it is there. */
    public void file(Path file, List<String> words) {
        try {
            bytes(file.toString(), Files.readAllBytes(file), words);
        } catch (NoSuchFileException e) {
            // A WAL that was folded back meanwhile: the database is read too.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void text(String place, String text, List<String> words) {
        bytes(place, text.getBytes(StandardCharsets.UTF_8), words);
    }

    /** Everything that stands in these topics now. */
    public void topics(String bootstrapServers, Collection<String> topics, List<String> words) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_uncommitted");
        List<TopicPartition> partitions =
                topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    record(record, words);
                }
            }
        }
    }

    private void record(ConsumerRecord<byte[], byte[]> record, List<String> words) {
        String place = record.topic() + " at offset " + record.offset();
        bytes(place + ", key", record.key() == null ? new byte[0] : record.key(), words);
        bytes(place + ", value", record.value() == null ? new byte[0] : record.value(), words);
        for (Header header : record.headers()) {
            bytes(place + ", header " + header.key(), header.value(), words);
        }
    }

    private void bytes(String place, byte[] content, List<String> words) {
        bytes += content.length;
        // One char for each byte: words are ASCII.
        String text = new String(content, StandardCharsets.ISO_8859_1);
        for (String word : words) {
            int at = text.indexOf(word);
            if (at >= 0) {
                found.add(word + " in " + place + ": …"
                        + text.substring(Math.max(0, at - 30), Math.min(text.length(), at + 40)) + "…");
            }
        }
    }
}
