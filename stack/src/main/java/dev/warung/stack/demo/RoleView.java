package dev.warung.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reads a role's status; what a role does not tell is empty, so that old and new roles can be shown alike. */
final class RoleView {
    private final Optional<JsonNode> status;

    RoleView(Optional<JsonNode> status) {
        this.status = status;
    }

    Optional<String> text(String path) {
        return node(path).filter(n -> !n.isContainerNode()).map(JsonNode::asText);
    }

    OptionalLong number(String path) {
        Optional<JsonNode> node = node(path).filter(JsonNode::isNumber);
        return node.isPresent() ? OptionalLong.of(node.get().asLong()) : OptionalLong.empty();
    }

    OptionalDouble decimal(String path) {
        Optional<JsonNode> node = node(path).filter(JsonNode::isNumber);
        return node.isPresent() ? OptionalDouble.of(node.get().asDouble()) : OptionalDouble.empty();
    }

    /** By a path with dots. */
    Optional<JsonNode> node(String path) {
        Optional<JsonNode> node = status;
        for (String name : path.split("\\.", -1)) {
            node = node.map(n -> n.get(name));
        }
        return node.filter(n -> !n.isNull());
    }
}
