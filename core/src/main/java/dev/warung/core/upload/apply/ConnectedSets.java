package dev.warung.core.upload.apply;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WritableTable.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which ops of an upload stand or fall together: those of one row, those of a row and of rows that refer to it by a declared foreign key, and
 * the delete and the insert that a change of a key is.
 */
final class ConnectedSets {

    private final List<UploadOp> ops = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();

    private ConnectedSets() {}

    /** The sets in the order of their first ops; the ops of each in the order of the upload. */
    static List<List<UploadOp>> of(List<UploadGroup> groups, Function<TableId, Optional<WritableTable>> tables) {
        ConnectedSets sets = new ConnectedSets();
        for (int number = 0; number < groups.size(); number++) {
            for (UploadOp op : groups.get(number).ops()) {
                sets.parents.add(sets.ops.size());
                sets.ops.add(op);
                sets.groups.add(number);
            }
        }
        sets.joinRows();
        sets.joinReferences(tables);
        sets.joinKeyChanges();
        return sets.list();
    }

    private void joinRows() {
        Map<String, Integer> firsts = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            join(firsts, rowName(ops.get(i).table(), ops.get(i).key()), i);
            int place = i;
            ops.get(i)
                    .after()
                    .map(after -> after.only(ops.get(place).key().columns()))
                    .ifPresent(key -> join(firsts, rowName(ops.get(place).table(), key), place));
        }
    }

    private void joinReferences(Function<TableId, Optional<WritableTable>> tables) {
        Map<Reference, Map<String, List<Integer>>> referred = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            UploadOp op = ops.get(i);
            for (Reference reference :
                    tables.apply(op.table()).map(WritableTable::references).orElse(List.of())) {
                Map<String, List<Integer>> rows = referred.computeIfAbsent(reference, this::referred);
                for (RowImage image : images(op)) {
                    String name = name(image, reference.columns());
                    for (int other : name.isEmpty() ? List.<Integer>of() : rows.getOrDefault(name, List.of())) {
                        union(i, other);
                    }
                }
            }
        }
    }

    /** The ops of the table that a reference names, by the values that it refers to. */
    private Map<String, List<Integer>> referred(Reference reference) {
        Map<String, List<Integer>> rows = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).table().equals(reference.table())) {
                for (RowImage image : images(ops.get(i))) {
                    rows.computeIfAbsent(name(image, reference.key()), n -> new ArrayList<>())
                            .add(i);
                }
            }
        }
        return rows;
    }

    /**
     * A change of a key is one statement, so its two ops have one time and follow each other. Nothing more is taken for one: what an outlet
     * did in a whole day without its process comes as one upload, and a delete has nothing to do with most inserts after it.
     */
    private void joinKeyChanges() {
        for (int i = 1; i < ops.size(); i++) {
            boolean isKeyChange = ops.get(i - 1).kind() == UploadOp.Kind.DELETE
                    && ops.get(i).kind() == UploadOp.Kind.INSERT
                    && ops.get(i - 1).table().equals(ops.get(i).table())
                    && groups.get(i - 1).equals(groups.get(i));
            if (isKeyChange) {
                union(i - 1, i);
            }
        }
    }

    private List<List<UploadOp>> list() {
        Map<Integer, List<UploadOp>> sets = new LinkedHashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            sets.computeIfAbsent(root(i), r -> new ArrayList<>()).add(ops.get(i));
        }
        return List.copyOf(sets.values());
    }

    private void join(Map<String, Integer> firsts, String name, int place) {
        Integer first = firsts.putIfAbsent(name, place);
        if (first != null) {
            union(first, place);
        }
    }

    private void union(int one, int other) {
        int a = root(one);
        int b = root(other);
        parents.set(Math.max(a, b), Math.min(a, b));
    }

    private int root(int place) {
        int root = place;
        while (parents.get(root) != root) {
            root = parents.get(root);
        }
        int step = place;
        while (parents.get(step) != root) {
            int next = parents.get(step);
            parents.set(step, root);
            step = next;
        }
        return root;
    }

    private static List<RowImage> images(UploadOp op) {
        List<RowImage> images = new ArrayList<>();
        op.before().ifPresent(images::add);
        op.after().ifPresent(images::add);
        return images;
    }

    private static String rowName(TableId table, RowImage key) {
        return table + " " + new TreeMap<>(key.values());
    }

    /** The values of some columns in one text; empty if one is NULL: such a reference refers to nothing. */
    private static String name(RowImage row, List<String> columns) {
        StringBuilder name = new StringBuilder();
        for (String column : columns) {
            @Nullable Object value = row.get(column);
            if (value == null) {
                return "";
            }
            String text = value.toString();
            name.append(text.length()).append(':').append(text).append(' ');
        }
        return name.toString();
    }
}
