package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowCodecTest {

    private static final Source SOURCE = new Source("toko", 1_700_000_000_123L, 77, 0x16B3748);
    private static final TableSchema SCHEMA = new TableSchema(
            new TableId("public", "produk"),
            16_385,
            1,
            3,
            "warung.public.produk.1",
            List.of(
                    column(1, "id", ValueKind.INTEGER, Generated.NO),
                    column(2, "aktif", ValueKind.BOOLEAN, Generated.NO),
                    column(3, "berat", ValueKind.FLOAT, Generated.NO),
                    column(4, "maya", ValueKind.TEXT, Generated.VIRTUAL),
                    column(5, "foto", ValueKind.BYTES, Generated.NO),
                    column(6, "nama \"x\"", ValueKind.TEXT, Generated.NO)),
            List.of("nama \"x\"", "id"),
            List.of(),
            Collation.LOCALE);

    private final RowCodec codec = RowCodec.of(SCHEMA);

    private static Column column(int attnum, String name, ValueKind kind, Generated generated) {
        return new Column(attnum, name, "t", kind, false, generated, null, TypeMeaning.of("t"));
    }

    private static @Nullable String[] row(@Nullable String... texts) {
        return texts;
    }

    @Test
    void keyIsAJsonObjectInKeyOrder() {
        byte[] key = codec.encodeKey(row("7", null, null, null, "Kopi\n\"é\""));

        assertThat(new String(key, StandardCharsets.UTF_8))
                .isEqualTo("{\"nama \\\"x\\\"\":\"Kopi\\n\\\"é\\\"\",\"id\":7}");
        assertThat(codec.decodeKey(key)).containsExactly("Kopi\n\"é\"", 7L);
    }

    @Test
    void theOldRowIsLeftOutWhereItsControlCharactersMakeTheEnvelopeTooLarge() throws Exception {
        String controls = "\u0001".repeat(1_500_000);
        byte[] value = codec.encodeValue(
                RowOp.UPDATE, row("7", "f", "1.5", controls, "b"), row("7", "t", null, controls, "b"), SOURCE, 5);
        JsonNode json = new ObjectMapper().readTree(value);

        assertThat(json.at("/before").size()).isEqualTo(2);
        assertThat(json.at("/after/foto").textValue()).isEqualTo(controls);
        byte[] whole = codec.encodeValue(RowOp.CREATE, null, row("7", "t", null, controls, "b"), SOURCE, 5);
        assertThat(codec.valueBytes(row("7", "t", null, controls, "b")))
                .isBetween((long) whole.length, whole.length + 1000L);
    }

    @Test
    void envelopeIsDebeziumsWithTypedJsonValues() throws Exception {
        byte[] value = codec.encodeValue(
                RowOp.UPDATE, row("7", "f", "-0", null, ""), row("7", "t", "1e+20", "\\x00ff", "b"), SOURCE, 5);
        JsonNode json = new ObjectMapper().readTree(value);

        assertThat(json.at("/before/aktif").booleanValue()).isFalse();
        assertThat(json.at("/before/berat").textValue()).isEqualTo("-0");
        assertThat(json.at("/before/foto").isNull()).isTrue();
        assertThat(json.at("/after/id").longValue()).isEqualTo(7);
        assertThat(json.at("/after/berat").doubleValue()).isEqualTo(1e20);
        assertThat(json.at("/after/foto").textValue()).isEqualTo("\\x00ff");
        assertThat(json.at("/op").textValue()).isEqualTo("u");
        assertThat(json.at("/source/table").textValue()).isEqualTo("produk");
        assertThat(json.at("/source/ts_ms").longValue()).isEqualTo(1_700_000_000_123L);
        assertThat(json.at("/after").has("maya")).isFalse();
    }

    @Test
    void decodesToObjectsForSqlite() {
        byte[] value =
                codec.encodeValue(RowOp.CREATE, null, row("-9223372036854775808", "t", "3", "\\x00ff", "x"), SOURCE, 5);

        RowCodec.DecodedRow decoded = codec.decodeValue(value);

        assertThat(decoded.op()).isEqualTo(RowOp.CREATE);
        assertThat(decoded.before()).isNull();
        assertThat(decoded.after()).containsExactly(Long.MIN_VALUE, 1L, 3.0, new byte[] {0, (byte) 0xff}, "x");
        assertThat(decoded.sourceTsMs()).isEqualTo(1_700_000_000_123L);
    }

    @Test
    void floatsThatSqliteCannotHoldStayText() {
        for (String text : List.of("NaN", "Infinity", "-Infinity", "-0")) {
            byte[] value = codec.encodeValue(RowOp.CREATE, null, row("1", null, text, null, "x"), SOURCE, 5);
            assertThat(codec.decodeValue(value).after()).contains((Object) text);
        }
    }

    @Test
    void aHugeUpdateKeepsOnlyTheKeyOfItsBeforeImage() throws Exception {
        String big = "x".repeat(RowCodec.WHOLE_BEFORE_MAX_BYTES);
        byte[] value = codec.encodeValue(
                RowOp.UPDATE, row("1", "t", null, null, "k"), row("1", "t", null, null, big), SOURCE, 5);

        assertThat(new ObjectMapper().readTree(value).get("before").fieldNames())
                .toIterable()
                .containsExactly("nama \"x\"", "id");
        assertThat(codec.decodeValue(value).after()).contains((Object) big);
        assertThat(codec.decodeValue(value).before()).isNull();
    }

    @Test
    void refusesForeignRecords() {
        assertThatThrownBy(() -> codec.decodeKey("7".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("public.produk");
        assertThatThrownBy(() ->
                        codec.decodeValue("{\"op\":\"c\",\"after\":{\"tak\":1}}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("'tak'");
        assertThatThrownBy(() -> codec.decodeValue("{\"op\":\"z\"}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("'z'");
        assertThatThrownBy(() -> codec.decodeValue("{\"op\":".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.encodeKey(row("7", null, null, null, null)))
                .hasMessageContaining("is null");
    }

    @Test
    void truncateHasAKeyThatNoRowHas() {
        assertThat(RowCodec.isTruncateKey(RowCodec.truncateKey())).isTrue();
        assertThat(RowCodec.isTruncateKey(codec.encodeKey(row("7", null, null, null, "__truncate__"))))
                .isFalse();
    }
}
