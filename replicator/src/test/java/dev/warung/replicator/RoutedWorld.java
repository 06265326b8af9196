package dev.warung.replicator;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.OutletCodec;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.testkit.check.LogReader;
import dev.warung.testkit.log.ShapeReplay;
import dev.warung.testkit.log.TestLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A small company in a log: branches of tenants with orders, shapes, and an outlet for each branch. Says what each shape must hold. */
final class RoutedWorld {

    private static final String SHAPES = """
            {"parameters":["branch_id"],"tables":[{"table":"public.orders","columns":["id","name"],"where":"branch = :branch_id"}],"writable":[]}
            {"parameters":["tenant_id"],"tables":[{"table":"public.orders","columns":["id","name"],\
            "where":"branch in (select id from branches where tenant = :tenant_id)"},\
            {"table":"public.branches","where":"tenant = :tenant_id"}],"writable":[]}
            {"parameters":[],"tables":[{"table":"public.orders","columns":["id","name"],"where":"name like 'a%'"}],"writable":[]}""";

    private final TestLog log;
    private final Random random;
    private final Map<String, @Nullable String[]> orders = new TreeMap<>();
    private final Map<String, @Nullable String[]> branches = new TreeMap<>();
    private final Map<String, @Nullable String[]> outlets = new TreeMap<>();
    private int nextId;

    private final TableSchema ordersTable;
    private final TableSchema branchesTable;
    private final TableSchema shapesTable;
    private final TableSchema outletsTable;

    RoutedWorld(TestLog log, Random random) {
        this.log = log;
        this.random = random;
        this.ordersTable = table(1, "public", "orders", "id bigint", "branch bigint", "name text");
        this.branchesTable = table(2, "public", "branches", "id bigint", "tenant bigint");
        this.shapesTable = table(3, "warung", "shapes", "name text", "definition jsonb");
        this.outletsTable = table(
                4,
                "warung",
                "outlets",
                "id uuid",
                "code text",
                "name text",
                "attributes jsonb",
                "enabled boolean",
                "generation integer");
    }

    /** Tables, some rows, the shapes and an outlet for each of the first branches. */
    void begin(int branchCount) {
        for (TableSchema table : List.of(ordersTable, branchesTable, shapesTable, outletsTable)) {
            log.schema(new SchemaRecord.Table(table, SchemaRecord.State.COPYING, "", 0));
        }
        for (int i = 0; i < branchCount; i++) {
            put(branchesTable, branches, String.valueOf(i), String.valueOf(i % 2));
        }
        for (int i = 0; i < 50; i++) {
            addOrder();
        }
        log.schema(new SchemaRecord.EpochComplete(log.epoch()));
        log.endTransaction();
        log.commitKafka();
        String[] names = {"branch", "tenant", "likes"};
        String[] definitions = SHAPES.split("\n");
        for (int i = 0; i < names.length; i++) {
            log.row(shapesTable, RowOp.CREATE, null, new @Nullable String[] {names[i], definitions[i]});
        }
        for (int i = 0; i < branchCount; i++) {
            addOutlet("toko-" + i, i);
        }
        log.endTransaction();
        log.commitKafka();
    }

    void addOutlet(String code, int branch) {
        String[] row = {
            "00000000-0000-4000-8000-" + String.format("%012d", ++nextId),
            code,
            "Toko " + code,
            "{\"branch_id\": " + branch + ", \"tenant_id\": " + branch % 2 + "}",
            "t",
            "1"
        };
        outlets.put(row[0], row);
        log.row(outletsTable, RowOp.CREATE, null, row);
    }

    /** One random transaction. */
    void transaction() {
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int choice = random.nextInt(100);
            if (choice < 40 || orders.isEmpty()) {
                addOrder();
            } else if (choice < 70) {
                changeOrder();
            } else if (choice < 85) {
                delete(ordersTable, orders, any(orders));
            } else if (choice < 95) {
                moveBranch();
            } else if (choice < 96) {
                log.row(ordersTable, RowOp.TRUNCATE, null, null);
                orders.clear();
            } else {
                // The key changes: a delete and an insert.
                @Nullable String[] before = any(orders);
                orders.remove(before[0]);
                String[] after = {String.valueOf(++nextId), before[1], before[2]};
                orders.put(after[0], after);
                log.row(ordersTable, RowOp.UPDATE, before, after);
            }
        }
        log.endTransaction();
        if (random.nextInt(3) == 0) {
            log.commitKafka();
        }
    }

    void flush() {
        log.commitKafka();
    }

    /** What differs between the topics that outlets are told to read and what they must hold; empty if nothing does. */
    List<String> differences(LogReader reader) {
        List<String> found = new ArrayList<>();
        for (@Nullable String[] outlet : outlets.values()) {
            String code = Objects.requireNonNull(outlet[1]);
            Optional<OutletRecord> told = told(reader, code);
            if (told.isEmpty() || told.get().shapes().size() < 3) {
                found.add(code + " is told of " + told.map(OutletRecord::shapes).orElse(List.of()));
                continue;
            }
            for (OutletRecord.Feed feed : told.get().shapes()) {
                if (!reader.topics(feed.topic()).contains(feed.topic())) {
                    found.add(feed.topic() + " is not there");
                    continue;
                }
                ShapeReplay replay = ShapeReplay.of(reader, feed.topic());
                found.addAll(replay.problems());
                Map<String, Map<String, List<@Nullable String>>> expected =
                        expected(feed.shape(), told.get().attributes());
                if (!replay.shown().equals(expected)) {
                    found.add(feed.topic() + " shows " + replay.shown() + " at "
                            + replay.end().map(e -> e.id().toString()).orElse("no end") + ", not " + expected);
                }
            }
        }
        return found;
    }

    private Optional<OutletRecord> told(LogReader reader, String code) {
        String topic = log.topics().outlet(code);
        if (!reader.topics(topic).contains(topic)) {
            return Optional.empty();
        }
        List<ConsumerRecord<byte[], byte[]>> records = reader.readAll(topic);
        return records.isEmpty()
                ? Optional.empty()
                : Optional.of(OutletCodec.decode(records.get(records.size() - 1).value()));
    }

    private Map<String, Map<String, List<@Nullable String>>> expected(String shape, Map<String, String> attributes) {
        Map<String, Map<String, List<@Nullable String>>> tables = new TreeMap<>();
        String branch = attributes.getOrDefault("branch_id", "");
        String tenant = attributes.getOrDefault("tenant_id", "");
        switch (shape) {
            case "branch" -> tables.put("public.orders", ordersWhere(row -> branch.equals(row[1])));
            case "tenant" -> {
                tables.put(
                        "public.orders",
                        ordersWhere(row -> row[1] != null
                                && branches.containsKey(row[1])
                                && tenant.equals(branches.get(row[1])[1])));
                Map<String, List<@Nullable String>> rows = new TreeMap<>();
                branches.values().stream()
                        .filter(row -> tenant.equals(row[1]))
                        .forEach(row -> rows.put("[" + row[0] + "]", java.util.Arrays.asList(row[0], row[1])));
                tables.put("public.branches", rows);
            }
            default ->
                tables.put(
                        "public.orders",
                        ordersWhere(row -> Objects.requireNonNull(row[2]).startsWith("a")));
        }
        return tables;
    }

    private Map<String, List<@Nullable String>> ordersWhere(Predicate<@Nullable String[]> condition) {
        Map<String, List<@Nullable String>> rows = new TreeMap<>();
        orders.values().stream()
                .filter(condition)
                .forEach(row -> rows.put("[" + row[0] + "]", java.util.Arrays.asList(row[0], row[2])));
        return rows;
    }

    private void addOrder() {
        put(ordersTable, orders, String.valueOf(++nextId), branch(), name());
    }

    private void changeOrder() {
        @Nullable String[] before = any(orders);
        String[] after = {Objects.requireNonNull(before[0]), branch(), name()};
        orders.put(after[0], after);
        log.row(ordersTable, RowOp.UPDATE, before, after);
    }

    private void moveBranch() {
        @Nullable String[] before = any(branches);
        String[] after = {Objects.requireNonNull(before[0]), String.valueOf(random.nextInt(2))};
        branches.put(after[0], after);
        log.row(branchesTable, RowOp.UPDATE, before, after);
    }

    private String branch() {
        return String.valueOf(random.nextInt(branches.size()));
    }

    private String name() {
        return "abc".charAt(random.nextInt(3)) + "-" + random.nextInt(1000);
    }

    private void put(TableSchema table, Map<String, @Nullable String[]> rows, String... row) {
        rows.put(row[0], row);
        log.row(table, RowOp.CREATE, null, row);
    }

    private void delete(TableSchema table, Map<String, @Nullable String[]> rows, @Nullable String[] row) {
        rows.remove(row[0]);
        log.row(table, RowOp.DELETE, row, null);
    }

    private @Nullable String[] any(Map<String, @Nullable String[]> rows) {
        List<String> keys = List.copyOf(rows.keySet());
        return rows.get(keys.get(random.nextInt(keys.size())));
    }

    private TableSchema table(int number, String schema, String name, String... columns) {
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            String[] parts = columns[i].split(" ");
            ValueKind kind = switch (parts[1]) {
                case "bigint", "integer" -> ValueKind.INTEGER;
                case "boolean" -> ValueKind.BOOLEAN;
                default -> ValueKind.TEXT;
            };
            all.add(new Column(i + 1, parts[0], parts[1], kind, i == 0, Generated.NO, null, TypeMeaning.of(parts[1])));
        }
        TableId id = new TableId(schema, name);
        return new TableSchema(
                id,
                1000 + number,
                1,
                number,
                log.topics().table(id, 1),
                all,
                List.of(all.get(0).name()),
                List.of(),
                Collation.LOCALE);
    }
}
