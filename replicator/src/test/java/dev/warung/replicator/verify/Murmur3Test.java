package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur3Test {

    /** The values of the reference implementation for seed 0. */
    @ParameterizedTest
    @CsvSource({
        "'', 0, 0",
        "hello, cbd8a7b341bd9b02, 5b1e906a48ae1d19",
        "'hello, world', 342fac623a5ebc8e, 4cdcbc079642414d",
        "'19 Jan 2038 at 3:14:07 AM', b89e5988b737affc, 664fc2950231b2cb",
        "'The quick brown fox jumps over the lazy dog.', cd99481f9ee902c9, 695da1a38987b6e7",
    })
    void equalsTheReference(String text, String high, String low) {
        byte[] data = ("xy" + text).getBytes(StandardCharsets.UTF_8);
        Murmur3 murmur = new Murmur3();

        murmur.hash(data, 2, data.length - 2);

        assertThat(Long.toHexString(murmur.high())).isEqualTo(high);
        assertThat(Long.toHexString(murmur.low())).isEqualTo(low);
    }
}
