package dev.warung.core.where.bind;

import dev.warung.core.schema.TableSchema;
import java.util.Optional;

/** The tables that a sub-select may read. */
@FunctionalInterface
public interface Tables {

    /** For clauses that may not have a sub-select. */
    Tables NONE = (schema, name) -> Optional.empty();

    /** @param schema empty where the clause names none; it is then {@code public} */
    Optional<TableSchema> find(Optional<String> schema, String name);
}
