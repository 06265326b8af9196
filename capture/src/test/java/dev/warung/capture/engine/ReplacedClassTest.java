package dev.warung.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplacedClassTest {

    /** When this fails, Debezium changed the class: compare both, adapt ours, then pin the new one. */
    @ParameterizedTest
    @CsvSource({
        "io.debezium.connector.postgresql.connection.ReplicationMessageColumnValueResolver,"
                + " 1870c2aef7306ff549e2e4f797618ba0df80dd5dfb1dff50612132bb68b54b3c",
        "io.debezium.connector.base.ChangeEventQueue,"
                + " 5c4c6852319353651880b36760ebb59414f865cd68af1e06dbd6be3807328807",
        "io.debezium.connector.base.ChangeEventQueue$Builder,"
                + " 9ea733ba6afd8c362affbd6201f328f198c76537b200990251be2ba857105279",
        "io.debezium.pipeline.meters.CommonEventMeter,"
                + " 402818209b55f5533771628d3e4093d56298cedf491d44343f3590007b62043c"
    })
    void theOriginalIsTheOneThatOursWasWrittenFor(String name, String pinned) throws Exception {
        String resource = name.replace('.', '/') + ".class";
        List<URL> all = Collections.list(getClass().getClassLoader().getResources(resource));
        URL original = all.stream()
                .filter(url -> url.toString().contains("/debezium-connector-"))
                .findFirst()
                .orElseThrow();

        try (InputStream bytes = original.openStream()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.readAllBytes());
            assertThat(HexFormat.of().formatHex(digest)).isEqualTo(pinned);
        }
    }

    @Test
    void oursAreTheOnesInEffect() {
        assertThat(ChangeEngine.REPLACED)
                .hasSize(3)
                .allSatisfy(replaced -> assertThat(
                                replaced.getProtectionDomain().getCodeSource().getLocation())
                        .isEqualTo(ChangeEngine.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()));
    }
}
