package dev.warung.replicator.model;

import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.SchemaRecord;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random changes of rows and tables. */
public final class RandomChanges {

    private static final List<String> FLOATS =
            List.of("-0", "NaN", "Infinity", "-Infinity", "0", "1.5", "12", "1e+300", "5e-324", "-123456.789");
    private static final List<ValueKind> KINDS = List.of(ValueKind.values());
    private static final int KEYS = 60;

    private final ModelSource source;
    private final Random random;
    private int serial;

    public RandomChanges(ModelSource source, Random random) {
        this.source = source;
        this.random = random;
    }

    /** One change; mostly of a row. */
    public void one() {
        List<Long> oids = source.oids();
        if (oids.isEmpty() || (oids.size() < 6 && random.nextInt(60) == 0)) {
            source.create("t" + ++serial, SchemaRecord.State.LIVE);
            return;
        }
        long oid = oids.get(random.nextInt(oids.size()));
        int dice = random.nextInt(100);
        if (dice < 94) {
            row(oid);
        } else if (dice < 95) {
            source.truncate(oid);
        } else {
            table(oid);
        }
    }

    private void row(long oid) {
        List<@Nullable String[]> rows = source.rows(oid);
        if (rows.isEmpty() || random.nextInt(3) == 0) {
            insert(oid);
            return;
        }
        @Nullable String[] row = rows.get(random.nextInt(rows.size()));
        if (random.nextInt(4) == 0) {
            source.delete(oid, row);
            return;
        }
        @Nullable String[] after = values(oid, random.nextInt(5) == 0 ? freeKey(oid) : String.valueOf(row[0]));
        source.update(oid, row, after);
    }

    public void insert(long oid) {
        source.write(oid, RowOp.CREATE, values(oid, freeKey(oid)));
    }

    public @Nullable String[] values(long oid, String key) {
        List<Column> columns = source.schema(oid).copiedColumns();
        @Nullable String[] row = new @Nullable String[columns.size()];
        row[0] = key;
        for (int i = 1; i < row.length; i++) {
            row[i] = columns.get(i).notNull() || random.nextInt(5) > 0
                    ? value(columns.get(i).kind())
                    : null;
        }
        return row;
    }

    private String freeKey(long oid) {
        List<String> taken =
                source.rows(oid).stream().map(r -> String.valueOf(r[0])).toList();
        int key = random.nextInt(KEYS);
        while (taken.contains(String.valueOf(key))) {
            key++;
        }
        return String.valueOf(key);
    }

    private String value(ValueKind kind) {
        return switch (kind) {
            case INTEGER -> String.valueOf(random.nextLong());
            case BOOLEAN -> random.nextBoolean() ? "t" : "f";
            case FLOAT -> FLOATS.get(random.nextInt(FLOATS.size()));
            case BYTES -> "\\x" + String.format("%04x", random.nextInt(1 << 16));
            case TEXT -> "v" + random.nextInt(1000) + "é\"'\n";
        };
    }

    private void table(long oid) {
        switch (random.nextInt(9)) {
            case 0, 1 ->
                source.alterColumns(oid, c -> {
                    c.add(newColumn(100 + ++serial));
                    return c;
                });
            case 2 ->
                source.alterColumns(oid, c -> {
                    if (c.size() > 2) {
                        c.remove(1 + random.nextInt(c.size() - 1));
                    }
                    return c;
                });
            case 3 ->
                source.alterColumns(oid, c -> {
                    int i = random.nextInt(c.size());
                    c.set(i, renamed(c.get(i), "c" + ++serial));
                    return c;
                });
            case 4 -> source.alterColumns(oid, this::swapNames);
            case 5 ->
                source.alterColumns(oid, c -> {
                    c.replaceAll(x -> x.attnum() == 1 ? x : notNull(x, false));
                    return c;
                });
            case 6 -> source.rename(oid, "r" + ++serial);
            case 7 -> source.rewrite(oid);
            default -> rare(oid);
        }
    }

    private void rare(long oid) {
        if (random.nextInt(3) == 0) {
            source.drop(oid);
        } else if (source.rows(oid).stream().allMatch(r -> r.length > 1 && r[1] != null)) {
            source.alterColumns(oid, c -> {
                c.set(1, notNull(c.get(1), true));
                return c;
            });
        } else {
            source.index(
                    oid,
                    new IndexDef(
                            "i" + ++serial,
                            false,
                            List.of(source.schema(oid).columns().get(0).name()),
                            ""));
        }
    }

    private List<Column> swapNames(List<Column> columns) {
        if (columns.size() > 2) {
            String first = columns.get(1).name();
            columns.set(1, renamed(columns.get(1), columns.get(2).name()));
            columns.set(2, renamed(columns.get(2), first));
        }
        return columns;
    }

    private Column newColumn(int attnum) {
        ValueKind kind = KINDS.get(random.nextInt(KINDS.size()));
        boolean isFilled = random.nextBoolean();
        return new Column(
                attnum,
                "a" + ++serial,
                "some type",
                kind,
                isFilled && random.nextBoolean(),
                Generated.NO,
                isFilled ? value(kind) : null,
                TypeMeaning.of("some type"));
    }

    private static Column renamed(Column c, String name) {
        return new Column(
                c.attnum(),
                name,
                c.type(),
                c.kind(),
                c.notNull(),
                c.generated(),
                c.missing(),
                TypeMeaning.of(c.type()));
    }

    private static Column notNull(Column c, boolean notNull) {
        return new Column(
                c.attnum(),
                c.name(),
                c.type(),
                c.kind(),
                notNull,
                c.generated(),
                c.missing(),
                TypeMeaning.of(c.type()));
    }
}
