package dev.warung.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A shape of two tables whose transactions move money between accounts: the total stays, and each transfer leaves two entries. Remembers
 * what the shape held at every end mark.
 */
final class BankHistory {

    private static final int ACCOUNTS = 20;
    private static final long START = 1_000;

    private final ShapeWriter writer;
    private final Random random;
    private final String topic;
    private final String shape;
    private final Map<Long, Long> accounts = new TreeMap<>();
    private final Map<List<Long>, Long> entries = new HashMap<>();
    private final Map<String, Map<String, Map<String, List<Object>>>> states = new HashMap<>();
    private long nextEntry = 1;
    private ChangeId last = ChangeId.NONE;

    BankHistory(ShapeWriter writer, Random random, String topic, String shape) {
        this.writer = writer;
        this.random = random;
        this.topic = topic;
        this.shape = shape;
    }

    /** The first filling: its end mark comes last. */
    void fill() {
        for (long id = 1; id <= ACCOUNTS; id++) {
            accounts.put(id, START);
            putAccount(id);
        }
        end();
        writer.commit();
    }

    void transactions(int count) {
        for (int i = 0; i < count; i++) {
            transaction();
            if (random.nextInt(3) == 0) {
                writer.commit();
            }
        }
        writer.commit();
    }

    private void transaction() {
        int kind = random.nextInt(40);
        if (kind == 0) {
            writer.truncate(topic, 1);
            entries.clear();
        } else if (kind < 5) {
            moveAccountAway();
        } else {
            transfers(kind == 5 ? 300 : 1 + random.nextInt(3));
        }
        end();
    }

    private void transfers(int count) {
        for (int i = 0; i < count; i++) {
            List<Long> ids = new ArrayList<>(accounts.keySet());
            long from = ids.get(random.nextInt(ids.size()));
            long to = ids.get(random.nextInt(ids.size()));
            long amount = random.nextInt(50);
            accounts.merge(from, -amount, Long::sum);
            putAccount(from);
            if (random.nextInt(20) == 0) {
                writer.commit();
            }
            accounts.merge(to, amount, Long::sum);
            putAccount(to);
            putEntry(from, -amount);
            putEntry(to, amount);
        }
        if (entries.size() > 200) {
            List<List<Long>> old = new ArrayList<>(entries.keySet()).subList(0, 50);
            for (List<Long> key : old) {
                writer.gone(topic, 1, key.get(0), key.get(1), null);
                entries.remove(key);
            }
        }
    }

    /** An account leaves with its money, another one takes it: its key may have been there before. */
    private void moveAccountAway() {
        List<Long> ids = new ArrayList<>(accounts.keySet());
        long from = ids.get(random.nextInt(ids.size()));
        long to = 1L + random.nextInt(2 * ACCOUNTS);
        if (from == to) {
            return;
        }
        long money = accounts.remove(from);
        writer.gone(topic, 0, from, null, null);
        accounts.merge(to, money, Long::sum);
        putAccount(to);
    }

    private void putAccount(long id) {
        writer.put(topic, 0, id, "owner " + id, accounts.get(id));
    }

    private void putEntry(long account, long amount) {
        long number = nextEntry++;
        entries.put(List.of(account, number), amount);
        writer.put(topic, 1, account, number, amount);
    }

    private void end() {
        last = writer.end(topic);
        states.put(last.toString(), now());
    }

    ChangeId last() {
        return last;
    }

    Map<String, Map<String, List<Object>>> now() {
        Map<String, List<Object>> accountRows = new TreeMap<>();
        accounts.forEach((id, money) -> accountRows.put("[" + id + "]", List.of(id, "owner " + id, money)));
        Map<String, List<Object>> entryRows = new TreeMap<>();
        entries.forEach((key, amount) -> entryRows.put(key.toString(), List.of(key.get(0), key.get(1), amount)));
        return Map.of("accounts", accountRows, "entries", entryRows);
    }

    /** What the file shows now is what the shape held at the mark that the file names, or nothing (I4, I7). */
    boolean check(Path file) {
        OutletDump dump = OutletDump.of(file);
        String position = dump.positions().get(shape);
        if (position == null) {
            assertThat(dump.tables()).isEmpty();
            return false;
        }
        assertThat(states).containsKey(position);
        assertThat(dump.tables()).as("at " + position).isEqualTo(states.get(position));
        long total = dump.tables().get("accounts").values().stream()
                .mapToLong(row -> (Long) row.get(2))
                .sum();
        assertThat(total).isEqualTo(ACCOUNTS * START);
        return true;
    }
}
