package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonBytesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyTextIsWrittenAsALibraryWritesIt() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            String text = text(random);

            JsonBytes json = new JsonBytes(random.nextInt(8));
            json.string(text);

            assertThat(new String(json.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(JSON.writeValueAsString(text));
            assertThat(JsonBytes.stringLength(text)).isEqualTo(json.toByteArray().length);
        }
    }

    @Test
    void piecesStandOneAfterTheOther() {
        JsonBytes json = new JsonBytes(0);
        json.raw('{');
        json.raw(JsonBytes.name("se\"bab"));
        json.number(-12L);
        json.raw(JsonBytes.ascii(",\"n\":"));
        json.number("1.50");
        json.raw(JsonBytes.ascii(",\"b\":"));
        json.bool(true);
        json.raw(JsonBytes.ascii(",\"x\":"));
        json.nothing();
        json.raw('}');

        assertThat(new String(json.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("{\"se\\\"bab\":-12,\"n\":1.50,\"b\":true,\"x\":null}");
    }

    /** Control characters, quotes, two-, three- and four-byte characters, up to 40 of them. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            int[] ranges = {0x20, 0x80, 0x800, 0xD800, 0x1F600};
            int range = ranges[random.nextInt(ranges.length)];
            int point = range == 0x1F600 ? range + random.nextInt(60) : random.nextInt(range);
            text.appendCodePoint(point);
        }
        return text.toString();
    }
}
