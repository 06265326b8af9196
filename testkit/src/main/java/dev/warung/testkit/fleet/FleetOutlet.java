package dev.warung.testkit.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** An outlet as a row of {@code warung.outlets}. */
public record FleetOutlet(String code, Map<String, String> attributes) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public FleetOutlet {
        attributes = new TreeMap<>(attributes);
    }

    /** The column {@code attributes}: numbers as JSON numbers, the rest as strings. */
    public String attributesAsJson() {
        ObjectNode node = JSON.createObjectNode();
        attributes.forEach((name, value) -> {
            if (value.matches("[0-9]{1,9}")) {
                node.put(name, Integer.parseInt(value));
            } else {
                node.put(name, value);
            }
        });
        return node.toString();
    }
}
