package dev.warung.stack.fleet;

import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.SubSelect;
import dev.warung.stack.pipeline.StackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What sub-selects give in PostgreSQL, each read once as a whole. Thread: that of the connection. */
public final class SourceSets implements InnerSets {

    private final Connection connection;
    private final Map<SubSelect, InnerSet> read = new HashMap<>();

    public SourceSets(Connection connection) {
        this.connection = connection;
    }

    private record Values(Set<String> keys, boolean isEmpty, boolean holdsNull) implements InnerSet {
        @Override
        public boolean contains(String key) {
            return keys.contains(key);
        }
    }

    @Override
    public InnerSet of(SubSelect select) {
        return read.computeIfAbsent(select, this::read);
    }

    private InnerSet read(SubSelect select) {
        Set<String> keys = new HashSet<>();
        boolean[] holdsNull = new boolean[1];
        try {
            SourceRow.readAll(connection, select.table(), row -> {
                if (select.takes(row)) {
                    String key = select.key(row);
                    if (key == null) {
                        holdsNull[0] = true;
                    } else {
                        keys.add(key);
                    }
                }
            });
        } catch (SQLException e) {
            throw new StackException("The table " + select.table().id() + " cannot be read: " + e.getMessage(), e);
        }
        return new Values(keys, keys.isEmpty() && !holdsNull[0], holdsNull[0]);
    }
}
