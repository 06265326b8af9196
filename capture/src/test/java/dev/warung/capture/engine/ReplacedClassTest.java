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
        "io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder,"
                + " 4edf90716d4d4d7b1bd1e6a80ac3bad072dc5a10df11b6fed2e51768e318dd49",
        "io.debezium.connector.postgresql.PostgresChangeRecordEmitter,"
                + " bd241bc38322432a332954fc3329248414f24fead8ffb72f4a67ff22e9645ee1",
        "io.debezium.connector.postgresql.TypeRegistry,"
                + " 4d83ed3d3fd4ea3e7749b7d20f56f4b622227fd054953c96ce4ded50625034fa",
        // Not replaced, but ours rely on how it calls them.
        "io.debezium.connector.postgresql.PostgresStreamingChangeEventSource,"
                + " 6638090bcd5667a1fd0d67ac10bfd29128bdfca68bdfa00eabf7c76e094129cf",
        "io.debezium.pipeline.EventDispatcher," + " 835e6499ccbc9f76b7cd36f3a8156e5d75e2f9b37ef589a4248609b15582e99e",
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
                .hasSize(5)
                .allSatisfy(replaced -> assertThat(
                                replaced.getProtectionDomain().getCodeSource().getLocation())
                        .isEqualTo(ChangeEngine.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()));
    }
}
