package dev.warung.testkit.where;

import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.SubSelect;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values that a sub-select gives over some rows. */
record InnerRows(Set<String> keys, boolean holdsNull) implements InnerSet {

    static InnerRows of(SubSelect select, List<@Nullable String[]> rows) {
        Set<String> keys = new HashSet<>();
        boolean holdsNull = false;
        for (@Nullable String[] row : rows) {
            if (select.takes(row)) {
                String key = select.key(row);
                if (key == null) {
                    holdsNull = true;
                } else {
                    keys.add(key);
                }
            }
        }
        return new InnerRows(keys, holdsNull);
    }

    @Override
    public boolean isEmpty() {
        return keys.isEmpty() && !holdsNull;
    }

    @Override
    public boolean contains(String key) {
        return keys.contains(key);
    }
}
