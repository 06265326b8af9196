package dev.warung.capture.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.capture.history.CatalogueChange;
import dev.warung.capture.history.DdlLogDecoder;
import dev.warung.capture.history.TableShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads column {@code change} of {@code warung.ddl_log}.
 *
 * <p>{@code {"tag":"DROP TABLE","tables":[],"rewritten":[],"dropped":[{"oid":7,"type":"table"}]}} is one, {@code {}} is refused.
 */
public final class DdlLog implements DdlLogDecoder {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public CatalogueChange decode(String json) {
        JsonNode node = tree(json);
        List<TableShape> tables = new ArrayList<>();
        Set<Long> unlogged = new HashSet<>();
        for (JsonNode entry : array(node, "tables")) {
            TableShape shape = SourceTable.of(entry).shape();
            tables.add(shape);
            if ("late".equals(entry.path("joined").asText())) {
                unlogged.add(shape.oid());
            }
        }
        Set<Long> dropped = new HashSet<>();
        for (JsonNode gone : array(node, "dropped")) {
            if ("table".equals(gone.path("type").asText())) {
                dropped.add(gone.path("oid").longValue());
            }
        }
        Set<Long> rewritten = new HashSet<>();
        array(node, "rewritten").forEach(oid -> rewritten.add(oid.longValue()));
        return new CatalogueChange(tables, dropped, rewritten, unlogged);
    }

    /** Whether the event trigger failed at this row, so that the catalogue must be compared with what was logged. */
    public boolean isFailure(String json) {
        return tree(json).hasNonNull("error");
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a row of warung.ddl_log is not JSON", e);
        }
    }

    private static JsonNode array(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray()) {
            throw new IllegalArgumentException("a row of warung.ddl_log has no array " + name);
        }
        return value;
    }
}
