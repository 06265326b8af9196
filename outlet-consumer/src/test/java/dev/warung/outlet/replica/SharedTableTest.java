package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.ShapeRecord;
import dev.warung.core.wire.ShapeSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several shapes hold rows of one table, each at its own place in the history: a row is there while one of them holds it at its place, and
 * its content is never older than what any of those that hold it has told, and does not go back while one of them holds it (I5, I7).
 */
class SharedTableTest {

    private static final int SHAPES = 4;
    private static final int KEYS = 12;
    private static final int CHANGES = 400;

    @TempDir
    Path directory;

    /** One change: a row has this content and is in these shapes from here on; no shapes stands for a delete. */
    private record Change(long number, long key, int shapes) {
        ChangeId id() {
            return new ChangeId(1, new Lsn(number), 1);
        }
    }

    private final List<Change> history = new ArrayList<>();
    /** For each shape that can be seen: its feed, and how many changes it has seen. */
    private final Map<Integer, Feed> live = new TreeMap<>();

    private final Map<Integer, Integer> places = new HashMap<>();
    private Map<Long, Long> shownBefore = Map.of();
    /** Keys that some shape held at every place that was passed since. */
    private Set<Long> unbroken = Set.of();

    private int generation = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rowsAreThoseOfTheShapesThatHoldThem(long seed) throws SQLException {
        Random random = new Random(seed);
        for (int i = 1; i <= CHANGES; i++) {
            history.add(new Change(i, random.nextInt(KEYS), random.nextInt(6) == 0 ? 0 : random.nextInt(1 << SHAPES)));
        }
        Path file = directory.resolve("outlet.db");
        try (OutletReplica replica = OutletReplica.open(file, OutletReplica.Examination.NONE)) {
            int end = 0;
            while (end < CHANGES) {
                end = Math.min(CHANGES, end + random.nextInt(20));
                int shape = random.nextInt(SHAPES);
                if (!live.containsKey(shape) || random.nextInt(12) == 0) {
                    fill(replica, shape, end, random.nextBoolean());
                } else if (random.nextInt(15) == 0) {
                    replica.become(List.of(), List.of(live.remove(shape).number()));
                    places.remove(shape);
                } else {
                    follow(replica, shape, places.get(shape) + random.nextInt(1 + end - places.get(shape)));
                }
                replica.commit();
                check(file);
            }
            for (int shape = 0; shape < SHAPES; shape++) {
                if (live.containsKey(shape)) {
                    follow(replica, shape, CHANGES);
                } else {
                    fill(replica, shape, CHANGES, false);
                }
            }
            replica.commit();
            check(file);
        }
        assertThat(shown(file)).isEqualTo(everything());
    }

    /** A feed that is filled up to some place and takes the place of the shape's old one, if there is one. */
    private void fill(OutletReplica replica, int shape, int place, boolean isTruncatedFirst) {
        Feed feed = replica.begin(
                new OutletRecord.Feed("s" + shape, "topic" + shape + "." + generation, "id" + generation, generation++),
                1);
        feed = replica.describe(feed, schema("s" + shape));
        if (isTruncatedFirst) {
            replica.apply(feed, new Staged(ChangeId.NONE, new byte[0], null), new ShapeRecord.Truncate(0));
        }
        feed = apply(replica, feed, shape, 0, place);
        List<Integer> gone =
                Optional.ofNullable(live.get(shape)).map(Feed::number).stream().toList();
        replica.become(List.of(feed.number()), gone);
        live.put(shape, replica.feed(feed.number()));
        places.put(shape, place);
    }

    private void follow(OutletReplica replica, int shape, int place) {
        int from = places.get(shape);
        live.put(shape, apply(replica, live.get(shape), shape, from, place));
        for (int passed = from; passed <= place; passed++) {
            places.put(shape, passed);
            unbroken.retainAll(held().keySet());
        }
    }

    /** What the shape's topic says from one place to another: a row that stays and has not entered is told too. */
    private Feed apply(OutletReplica replica, Feed feed, int shape, int from, int to) {
        for (Change change : history.subList(from, to)) {
            Staged staged = new Staged(change.id(), new byte[0], null);
            if ((change.shapes() >> shape & 1) == 1) {
                replica.apply(feed, staged, new ShapeRecord.Row(0, new Object[] {change.key(), change.number()}));
            } else {
                replica.apply(feed, staged, new ShapeRecord.Gone(0, new Object[] {change.key()}));
            }
        }
        ChangeId end = to == 0 ? ChangeId.NONE : history.get(to - 1).id();
        Feed now = feed.with(feed.progress().withEnd(new ShapeRecord.End(end, Lsn.ZERO, 0)));
        replica.save(now);
        replica.flush(now);
        return now;
    }

    private Map<Long, Long> held() {
        Map<Long, Long> held = new TreeMap<>();
        places.forEach(
                (shape, place) -> rowsOf(shape, place).forEach((key, content) -> held.merge(key, content, Math::max)));
        return held;
    }

    private void check(Path file) throws SQLException {
        Map<Long, Long> held = held();
        Map<Long, Long> shown = shown(file);
        assertThat(shown.keySet()).isEqualTo(held.keySet());
        shown.forEach((key, content) -> {
            assertThat(content).as("content of " + key).isGreaterThanOrEqualTo(held.get(key));
            if (unbroken.contains(key)) {
                assertThat(content).as("content of " + key).isGreaterThanOrEqualTo(shownBefore.get(key));
            }
        });
        shownBefore = shown;
        unbroken = new HashSet<>(shown.keySet());
    }

    private Map<Long, Long> rowsOf(int shape, int place) {
        Map<Long, Long> rows = new TreeMap<>();
        for (Change change : history.subList(0, place)) {
            if ((change.shapes() >> shape & 1) == 1) {
                rows.put(change.key(), change.number());
            } else {
                rows.remove(change.key());
            }
        }
        return rows;
    }

    private Map<Long, Long> everything() {
        Map<Long, Long> rows = new TreeMap<>();
        for (int shape = 0; shape < SHAPES; shape++) {
            rowsOf(shape, CHANGES).forEach((key, content) -> rows.merge(key, content, Math::max));
        }
        return rows;
    }

    private static ShapeSchema schema(String shape) {
        return new ShapeSchema(
                shape,
                Map.of(),
                1,
                List.of(new ShapeSchema.Table(
                        new TableId("public", "goods"),
                        List.of(
                                new ShapeSchema.ShapeColumn("id", "bigint", ValueKind.INTEGER, true),
                                new ShapeSchema.ShapeColumn("content", "bigint", ValueKind.INTEGER, true)),
                        List.of("id"))),
                new ShapeSchema.Keep(1, 1));
    }

    private static Map<Long, Long> shown(Path file) throws SQLException {
        Map<Long, Long> rows = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (ResultSet there = connection
                    .createStatement()
                    .executeQuery("SELECT count(*) FROM sqlite_master WHERE name = 'goods'")) {
                if (there.getInt(1) == 0) {
                    return rows;
                }
            }
            try (ResultSet result = connection.createStatement().executeQuery("SELECT id, content FROM goods")) {
                while (result.next()) {
                    rows.put(result.getLong(1), result.getLong(2));
                }
            }
        }
        return rows;
    }
}
