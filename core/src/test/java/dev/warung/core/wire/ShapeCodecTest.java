package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ShapeCodecTest {
    private static final ShapeSchema SCHEMA = new ShapeSchema(
            "branch",
            Map.of("branch_id", "7"),
            3,
            List.of(new ShapeSchema.Table(
                    new TableId("public", "orders"),
                    List.of(
                            column("nama", "text", ValueKind.TEXT),
                            column("id", "bigint", ValueKind.INTEGER),
                            column("lunas", "boolean", ValueKind.BOOLEAN),
                            column("berat", "double precision", ValueKind.FLOAT),
                            column("foto", "bytea", ValueKind.BYTES)),
                    List.of("id"))),
            new ShapeSchema.Keep(1000, 2000));
    private static final ValueKind[] KINDS = {
        ValueKind.INTEGER, ValueKind.TEXT, ValueKind.BOOLEAN, ValueKind.FLOAT, ValueKind.BYTES, ValueKind.TEXT
    };
    /** A row of the whole table: id, nama, lunas, berat, foto and a column that the shape leaves out. */
    private static final Object[] ROW = {7L, "Kopi \"susu\"", 1L, 1.5e300, new byte[] {0, -1}, "secret"};

    private final ShapeCodec codec = new ShapeCodec(SCHEMA);

    private static ShapeSchema.ShapeColumn column(String name, String type, ValueKind kind) {
        return new ShapeSchema.ShapeColumn(name, type, kind, false);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void rowsComeBackAsTheyWereWithTheSelectedColumnsOnly() {
        byte[] key = ShapeCodec.encodeKey(0, KINDS, new int[] {0}, ROW);
        byte[] value = ShapeCodec.encodeRow(KINDS, new int[] {1, 0, 2, 3, 4}, ROW);

        assertThat(new String(key, StandardCharsets.UTF_8)).isEqualTo("[0,7]");
        assertThat(new String(value, StandardCharsets.UTF_8))
                .isEqualTo("[\"Kopi \\\"susu\\\"\",7,true,1.5E300,\"\\\\x00ff\"]");
        ShapeRecord.Row row = (ShapeRecord.Row) codec.decode(key, value);
        assertThat(row.table()).isZero();
        assertThat(row.values()).containsExactly(ROW[1], ROW[0], ROW[2], ROW[3], ROW[4]);
        ShapeRecord.Gone gone = (ShapeRecord.Gone) codec.decode(key, null);
        assertThat(gone.key()).containsExactly(7L);
    }

    @Test
    void nullsAndTextsInPlaceOfNumbersComeBack() {
        Object[] row = {7L, null, null, "NaN", null, null};

        byte[] value = ShapeCodec.encodeRow(KINDS, new int[] {1, 0, 2, 3, 4}, row);

        ShapeRecord.Row back = (ShapeRecord.Row) codec.decode(utf8("[0,7]"), value);
        assertThat(back.values()).containsExactly(null, 7L, null, "NaN", null);
    }

    @Test
    void controlRecordsComeBack() {
        ShapeRecord.End end = new ShapeRecord.End(ChangeId.NONE, Lsn.ZERO, 5);

        assertThat(codec.decode(ShapeCodec.endKey(), ShapeCodec.encode(end))).isEqualTo(end);
        assertThat(codec.decode(ShapeCodec.truncateKey(0), ShapeCodec.truncateValue()))
                .isEqualTo(new ShapeRecord.Truncate(0));
        assertThat(ShapeCodec.isSchemaKey(ShapeCodec.schemaKey())).isTrue();
        assertThat(codec.decode(ShapeCodec.schemaKey(), ShapeCodec.encode(SCHEMA)))
                .isEqualTo(new ShapeRecord.Description(SCHEMA));
    }

    @Test
    void whatIsNoRecordOfTheShapeIsRefused() {
        assertThatThrownBy(() -> codec.decode(utf8("[1,7]"), null)).hasMessageContaining("table 1 of 1");
        assertThatThrownBy(() -> codec.decode(utf8("[0]"), null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.decode(utf8("[0,7]"), utf8("[1,2]"))).hasMessageContaining("2 columns, not 5");
        assertThatThrownBy(() -> codec.decode(utf8("[0,7]"), utf8("[null,2,true,1,null,3]")))
                .hasMessageContaining("5 columns");
        assertThatThrownBy(() -> codec.decode(utf8("\"other\""), utf8("{}"))).hasMessageContaining("other");
    }

    @Test
    void outletRecordsComeBack() {
        OutletRecord outlet = new OutletRecord(
                "0b0e7cf6-0000-4000-8000-000000000001",
                "kota-1",
                "Toko \"Kota\"",
                Map.of("branch_id", "7"),
                true,
                2,
                List.of(new OutletRecord.Feed("branch", "warung.shape.branch.7.1", "x", 1)),
                List.of(new WritableTable(
                        new TableId("public", "item"),
                        Optional.of("id"),
                        List.of("total"),
                        List.of("qty"),
                        List.of(new WritableTable.Reference(
                                List.of("order_id"), new TableId("public", "orders"), List.of("id"))))));

        assertThat(OutletCodec.decode(OutletCodec.encode(outlet))).isEqualTo(outlet);
    }

    @Test
    void anOutletRecordOfARouterThatKnowsNoWritesHasNone() {
        String old =
                "{\"id\":\"x\",\"code\":\"c\",\"name\":\"n\",\"attributes\":{},\"enabled\":true,\"generation\":1,\"shapes\":[]}";

        assertThat(OutletCodec.decode(utf8(old)).writable()).isEmpty();
    }

    @Test
    void topicNamesOfShapesCanBeReadBackAndMeetNoTable() {
        Topics topics = new Topics("warung");

        assertThat(topics.shape("branch", List.of("a.b_c", "7-x"), 2))
                .isEqualTo("warung.shape.branch.a_x002E_b_x005F_c.7-x.2");
        assertThat(topics.shape("catalog", List.of(), 1))
                .isNotEqualTo(topics.table(new TableId("shape", "catalog"), 1));
        assertThat(topics.table(new TableId("public", "produk"), 1)).isEqualTo("warung.public.produk.1");
    }
}
