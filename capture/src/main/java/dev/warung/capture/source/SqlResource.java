package dev.warung.capture.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The SQL of this package: one query that describes tables, and the control schema. */
final class SqlResource {

    private static final String SEPARATOR = "\n--;\n";

    private SqlResource() {}

    /** The query that describes the tables of an array of oids, given as SQL, with or without the definitions of indexes. */
    static String describe(String oids, String definitions) {
        return read("describe.sql").replace("${OIDS}", oids).replace("${DEFINITIONS}", definitions);
    }

    static List<String> controlTables() {
        return statements(read("control.sql"));
    }

    static List<String> functions() {
        return statements(read("functions.sql").replace("${DESCRIBE}", describe("oids", "definitions")));
    }

    static List<String> eventTriggers() {
        return statements(read("event-triggers.sql"));
    }

    private static List<String> statements(String script) {
        return Stream.of(script.split(SEPARATOR, -1)).map(String::strip).toList();
    }

    private static String read(String name) {
        try (InputStream in = SqlResource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
