package dev.warung.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warung.stack.pipeline.RoleClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warung status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows each stage of a running pipeline: position, lag, slot, tables, last verification.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every stage is well", "1:a stage is not; cause and remedy are printed", "2:wrong usage"})
final class StatusCommand implements Callable<Integer> {
    private final ObjectMapper mapper = new ObjectMapper();

    @Mixin
    private Target target = new Target(System.getenv());

    @Option(names = "--json", description = "as one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        ObjectNode all = mapper.createObjectNode();
        boolean healthy = true;
        for (Map.Entry<String, Optional<RoleClient>> role : Map.of(
                        "capture", target.capture(), "replicator", target.replicator(), "intake", target.intake())
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            if (role.getValue().isPresent()) {
                healthy &= add(all, role.getKey(), role.getValue().get());
            }
        }
        all.put("healthy", healthy);
        if (json) {
            System.out.println(all.toPrettyString());
        } else {
            print(all);
        }
        return healthy ? 0 : 1;
    }

    private static boolean add(ObjectNode all, String name, RoleClient client) {
        RoleClient.Health health = client.health();
        ObjectNode node = all.putObject(name);
        node.put("url", client.url());
        node.put("healthy", health.healthy());
        node.put(
                "detail",
                health.answered()
                        ? health.detail()
                        : health.detail() + ". Start it: warung " + name + " --help says how.");
        client.status().ifPresent(status -> node.set("status", status));
        return health.healthy();
    }

    private static void print(ObjectNode all) {
        for (Map.Entry<String, JsonNode> role : all.properties()) {
            if (role.getValue().isObject()) {
                System.out.println(role.getKey() + "  "
                        + (role.getValue().path("healthy").asBoolean() ? "well" : "NOT WELL") + "  "
                        + role.getValue().path("detail").asText());
                StatusText.lines(role.getValue().path("status")).forEach(line -> System.out.println("    " + line));
            }
        }
    }
}
