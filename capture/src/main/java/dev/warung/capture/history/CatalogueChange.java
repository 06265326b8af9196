package dev.warung.capture.history;

import java.util.List;
import java.util.Set;

/**
 * What one DDL command did to the catalogue, as a row of {@code warung.ddl_log} tells it.
 *
 * @param tables each table concerned as it looks after the command; all of them are members of the publication or refused
 * @param dropped oids of the tables that are gone, or no longer captured
 * @param rewritten oids of tables whose stored rows changed without row events: these need a copy
 * @param unlogged oids of new tables that had rows before capture could see them (CREATE TABLE AS, ATTACH): these need a copy
 */
public record CatalogueChange(List<TableShape> tables, Set<Long> dropped, Set<Long> rewritten, Set<Long> unlogged) {
    public CatalogueChange {
        tables = List.copyOf(tables);
        dropped = Set.copyOf(dropped);
        rewritten = Set.copyOf(rewritten);
        unlogged = Set.copyOf(unlogged);
    }
}
