package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Sender;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadOp.Kind;
import dev.warung.core.upload.UploadParts;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UploadCodecTest {

    private static final TableId ORDERS = new TableId("public", "orders");
    private static final Sender SENDER = new Sender(
            UUID.randomUUID(),
            "toko-1",
            2,
            7,
            Optional.of(new FileIdentity(
                    UUID.randomUUID(), UUID.randomUUID(), List.of(UUID.randomUUID(), UUID.randomUUID()))));

    @Test
    void uploadsComeBackWithEveryKindOfValue() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("id", 1L << 52);
        values.put("price", "12.50");
        values.put("weight", 0.1);
        values.put("strange", "NaN");
        values.put("paid", true);
        values.put("note", null);
        values.put("picture", "\\x00ff");
        Upload upload = upload(List.of(group(1, insert(new RowImage(values)))));

        assertThat(UploadCodec.decode(UploadCodec.encode(upload))).isEqualTo(upload);
        assertThat(UploadCodec.cut(upload)).containsExactly(upload);
    }

    @Test
    void whatIsNoUploadIsRefused() {
        assertThatThrownBy(() -> decode("{}")).hasMessageContaining("lacks 'v'");
        assertThatThrownBy(() -> decode("{\"v\":2}")).hasMessageContaining("version 1 but 2");
        assertThatThrownBy(() -> decode("[]")).hasMessageContaining("no JSON object");
        String list = new String(UploadCodec.encode(upload(List.of(group(1, insert(row(1, "x")))))), utf8())
                .replace("\"x\"", "[\"x\"]");
        assertThatThrownBy(() -> decode(list)).hasMessageContaining("column note holds a ARRAY");
    }

    @Test
    void aNumberThatNoColumnHoldsStaysAsItsDigits() {
        assertThat(UploadCodec.row("{\"id\":92233720368547758080}").get("id")).isEqualTo("92233720368547758080");
    }

    @Test
    void theHashIsOfWhatAnOpDoesAlone() {
        UploadOp op = insert(row(1, "x"));
        RowImage turned = new RowImage(new LinkedHashMap<>(Map.of("note", "x"))).with("id", 1L);
        UploadOp again =
                new UploadOp(UUID.randomUUID(), op.table(), op.kind(), op.key(), Optional.empty(), Optional.of(turned));

        assertThat(UploadCodec.hash(again)).isEqualTo(UploadCodec.hash(op)).hasSize(32);
        assertThat(UploadCodec.hash(insert(row(1, "y")))).isNotEqualTo(UploadCodec.hash(op));
    }

    @Test
    void aLargeUploadTravelsInPartsAndIsPutTogether() {
        List<UploadGroup> groups = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            groups.add(group(
                    number,
                    insert(row(number, "a".repeat(300_000))),
                    insert(row(number + 10, "b".repeat(300_000))),
                    insert(row(number + 20, "c"))));
        }
        // Taken in together with the last, and done later.
        groups.add(new UploadGroup(3, groups.get(2).atUs() + 1, List.of(insert(row(40, "d")))));
        Upload upload = upload(groups);

        List<Upload> parts = UploadCodec.cut(upload);
        assertThat(parts).hasSizeGreaterThan(3);
        assertThat(parts).allMatch(part -> UploadCodec.encode(part).length <= UploadCodec.RECORD_BYTES_MAX);

        UploadParts together = new UploadParts();
        // The process died after the second part and sent all of them again.
        together.add(parts.get(0));
        together.add(parts.get(1));
        Optional<Upload> whole = Optional.empty();
        for (Upload part : parts) {
            assertThat(whole).isEmpty();
            whole = together.add(part);
        }
        assertThat(whole).contains(upload);
        assertThat(together.isWaiting()).isFalse();
        assertThat(together.add(parts.get(parts.size() - 1))).isEmpty();
    }

    private static Upload upload(List<UploadGroup> groups) {
        return Upload.whole(UUID.randomUUID(), SENDER, 1_760_000_000_000_000L, groups);
    }

    private static UploadGroup group(long number, UploadOp... ops) {
        return new UploadGroup(number, 1_760_000_000_000_000L + number, List.of(ops));
    }

    private static UploadOp insert(RowImage row) {
        return new UploadOp(
                UUID.randomUUID(), ORDERS, Kind.INSERT, row.only(List.of("id")), Optional.empty(), Optional.of(row));
    }

    private static RowImage row(long id, String note) {
        return new RowImage(Map.of("id", id)).with("note", note);
    }

    private static Upload decode(String json) {
        return UploadCodec.decode(json.getBytes(utf8()));
    }

    private static Charset utf8() {
        return StandardCharsets.UTF_8;
    }
}
