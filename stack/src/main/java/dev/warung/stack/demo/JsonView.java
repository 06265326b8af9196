package dev.warung.stack.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object a line on stdout, for programs; steps go to stderr. */
final class JsonView implements DemoView {
    private final ObjectMapper json = new ObjectMapper();
    private final PrintStream out;
    private final PrintStream notes;

    JsonView(PrintStream out, PrintStream notes) {
        this.out = out;
        this.notes = notes;
    }

    @Override
    public void note(String text) {
        notes.println(text);
    }

    @Override
    public void sample(Sample now, Sample before) {
        print(now.toMap(before));
    }

    @Override
    public void verification(JsonNode event) {
        print(event);
    }

    @Override
    public void outlets(OutletReport report) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("event", "outlets");
        map.put("outlets", report.lines());
        map.put("sales", report.sales());
        map.put("missing", report.missing());
        print(map);
    }

    @Override
    public void result(boolean identical, Sample last, String text) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("event", "result");
        map.put("identical", identical);
        map.put("shops", last.shops());
        map.put("tables", last.tables());
        map.put("text", text);
        print(map);
    }

    private void print(Object value) {
        try {
            out.println(json.writeValueAsString(value));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
