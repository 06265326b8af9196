package dev.warung.outlet.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM leaves an archive of the classes that a run has loaded, and the next one starts with it. One of a run that never got as far as
 * Kafka has too few of them, so the launcher takes it only if this run says that it got there.
 */
public final class ClassArchive {

    /** System property, set by the launcher when the archive is made: the file whose presence says so. */
    private static final String MARK = "warung.archive.mark";

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private ClassArchive() {}

    /** The archive of this run will be worth having. */
    public static void keep() {
        String mark = System.getProperty(MARK);
        if (mark == null) {
            return;
        }
        try {
            Files.write(Path.of(mark), new byte[0]);
        } catch (IOException e) {
            LOG.warn("The next start will take longer than it might: {} cannot be written ({})", mark, e.toString());
        }
    }
}
