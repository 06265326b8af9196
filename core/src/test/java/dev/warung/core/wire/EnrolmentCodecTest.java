package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.shape.Enrolment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnrolmentCodecTest {

    private static final UUID ID = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    private static final String SECRET = "canary-4711";

    @Test
    void anEnrolmentComesBackAsItWas() {
        Enrolment enrolment = new Enrolment(
                "kafka-1:9092,kafka-2:9092",
                "warung",
                ID,
                "toko-17",
                Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", SECRET));

        assertThat(EnrolmentCodec.decode(EnrolmentCodec.encode(enrolment))).isEqualTo(enrolment);
    }

    @Test
    void credentialsMayBeMissing() {
        Enrolment read = EnrolmentCodec.decode(
                "{\"kafka\":\"k:9092\",\"prefix\":\"warung\",\"outlet\":\"" + ID + "\",\"code\":\"toko-1\"}");

        assertThat(read.credentials()).isEmpty();
    }

    @Test
    void whatIsNotKnownIsPassedOver() {
        Enrolment read = EnrolmentCodec.decode(
                "{\"hint\":{\"prefix\":\"x\",\"a\":[1,{\"code\":2}]},\"kafka\":\"k:9092\",\"prefix\":\"warung\",\"outlet\":\""
                        + ID
                        + "\",\"credentials\":{\"retries\":5,\"x\":null,\"deep\":{\"y\":1}},\"code\":\"toko-1\",\"note\":null}");

        assertThat(read).isEqualTo(new Enrolment("k:9092", "warung", ID, "toko-1", Map.of("retries", "5")));
    }

    @Test
    void itsTextHidesTheCredentials() {
        Enrolment enrolment = new Enrolment("k:9092", "warung", ID, "toko-1", Map.of("sasl.jaas.config", SECRET));

        assertThat(enrolment.toString()).contains("sasl.jaas.config").doesNotContain(SECRET);
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThatThrownBy(() -> EnrolmentCodec.decode("{\"code\":\"toko-1\"}")).hasMessageContaining("'prefix'");
        for (String text :
                List.of("no JSON", "", "[]", "7", "{\"code\":\"toko-1\"", "{\"credentials\":{\"a\":\"" + SECRET)) {
            assertThatThrownBy(() -> EnrolmentCodec.decode(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("enrolment")
                    .hasMessageNotContaining(SECRET);
        }
        assertThatThrownBy(() -> EnrolmentCodec.decode(
                        "{\"kafka\":\"k\",\"prefix\":\"warung\",\"outlet\":\"7\",\"code\":\"toko-1\"}"))
                .hasMessageContaining("'outlet'");
        assertThatThrownBy(() -> new Enrolment("k:9092", "warung", ID, "toko 1", Map.of()))
                .hasMessageContaining("toko 1");
    }
}
