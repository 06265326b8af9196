package dev.warung.stack.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The PromQL of Grafana's dashboard. */
final class DashboardQueries {

    static final Path DASHBOARD = Path.of("../ops/grafana/dashboards/warung.json");

    /** Label matchers, ranges, strings, and the label lists of aggregations and joins hold no metric names. */
    private static final Pattern NOT_METRICS =
            Pattern.compile("\\{[^}]*}|\\[[^]]*]|\"[^\"]*\"|\\b(by|on|without|ignoring)\\s*\\([^)]*\\)");

    private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), *\\w+\\)");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
    private static final Set<String> WORDS =
            Set.of("by", "on", "without", "ignoring", "and", "or", "unless", "bool", "offset", "sum");

    private DashboardQueries() {}

    /** Those of the panels, and what the variables take their values from. */
    static List<String> all() throws IOException {
        List<String> all = new ArrayList<>(dashboard().findValuesAsText("expr"));
        for (JsonNode variable : dashboard().at("/templating/list")) {
            Matcher values = LABEL_VALUES.matcher(variable.path("definition").asText());
            all.add(
                    values.matches()
                            ? values.group(1)
                            : variable.path("definition").asText());
        }
        return all;
    }

    /** The names of the variables. */
    static Set<String> variables() throws IOException {
        return Set.copyOf(dashboard().at("/templating/list").findValuesAsText("name"));
    }

    /** The variables that queries, titles and repeated rows name. */
    static Set<String> usedVariables() throws IOException {
        Set<String> used = new TreeSet<>(dashboard().findValuesAsText("repeat"));
        for (String field : List.of("expr", "title", "legendFormat")) {
            dashboard()
                    .findValuesAsText(field)
                    .forEach(text -> VARIABLE.matcher(text).results().forEach(found -> used.add(found.group(1))));
        }
        return used;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    /** For example {@code lag} and {@code up} of {@code sum by (job) (rate(lag{a="b"}[1m])) or on (job) up}. */
    static Set<String> metrics(String query) {
        Matcher names = NAME.matcher(NOT_METRICS.matcher(query).replaceAll(" "));
        return names.results()
                .map(name -> name.group())
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
