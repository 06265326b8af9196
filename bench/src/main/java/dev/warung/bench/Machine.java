package dev.warung.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** On what the figures were measured; without it they say little. */
public record Machine(String java, int processors, String system) {

    /** @param javaHome of the Java that the measured processes run on */
    public static Machine of(Path javaHome) {
        return new Machine(
                version(javaHome),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }

    private static String version(Path javaHome) {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(javaHome.resolve("release"))) {
            release.load(reader);
            return release.getProperty("JAVA_VERSION", "unknown").replace("\"", "");
        } catch (IOException e) {
            return "unknown, at " + javaHome;
        }
    }

    public void write(ObjectNode node) {
        node.putObject("machine")
                .put("java", java)
                .put("processors", processors)
                .put("system", system);
    }

    public String text() {
        return "Java " + java + ", " + processors + " processors, " + system;
    }
}
