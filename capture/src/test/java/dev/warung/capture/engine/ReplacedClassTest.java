package dev.warung.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.connector.postgresql.connection.ReplicationMessageColumnValueResolver;
import java.io.InputStream;
import java.net.URL;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplacedClassTest {

    private static final String RESOURCE =
            ReplicationMessageColumnValueResolver.class.getName().replace('.', '/') + ".class";

    /** When this fails, Debezium changed the class: compare both, adapt ours, then pin the new one. */
    @Test
    void theOriginalIsTheOneThatOursWasWrittenFor() throws Exception {
        List<URL> all = Collections.list(getClass().getClassLoader().getResources(RESOURCE));
        URL original = all.stream()
                .filter(url -> url.toString().contains("debezium-connector-postgres"))
                .findFirst()
                .orElseThrow();

        try (InputStream bytes = original.openStream()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.readAllBytes());
            assertThat(HexFormat.of().formatHex(digest))
                    .isEqualTo("1870c2aef7306ff549e2e4f797618ba0df80dd5dfb1dff50612132bb68b54b3c");
        }
    }

    @Test
    void oursIsTheOneInEffect() {
        assertThat(ReplicationMessageColumnValueResolver.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation())
                .isEqualTo(
                        ChangeEngine.class.getProtectionDomain().getCodeSource().getLocation());
    }
}
