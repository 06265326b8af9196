package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.ChangeId;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.IndexDef;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlCodecTest {

    @Test
    void commitRecordRoundTrips() {
        ChangeId last = new ChangeId(2, new Lsn(99), 12);
        CommitRecord commit = new CommitRecord(
                CommitRecord.Kind.END,
                ChangeId.NONE,
                new ChangeId(2, new Lsn(99), 4),
                last,
                List.of(new CommitRecord.TransactionEnd(last, new Lsn(120), 1_700_000_000_000_001L, 4_000_000_000L, 3)),
                Map.of("warung.public.produk.1", new CommitRecord.Extent(17, 3)),
                Map.of("lsn", 120, "transaction_id", "x"));

        assertThat(ControlCodec.decodeCommit(ControlCodec.encode(commit))).isEqualTo(commit);
    }

    @Test
    void positionRecordRoundTrips() {
        PositionRecord position = new PositionRecord(
                3,
                PositionRecord.State.STREAMING,
                new ChangeId(3, new Lsn(5), 1),
                new Lsn(7),
                Map.of("lsn", 5_000_000_000L),
                11,
                2,
                Map.of("warung.commits", 12L),
                new PositionRecord.Server("735", 1, "warung", 9, "n"));

        assertThat(ControlCodec.decodePosition(ControlCodec.encode(position))).isEqualTo(position);
    }

    @Test
    void schemaRecordsRoundTrip() {
        TableSchema schema = new TableSchema(
                new TableId("Toko Ä", "a.b"),
                1,
                2,
                3,
                "t",
                List.of(
                        new Column(
                                1,
                                "id",
                                "bigint",
                                ValueKind.INTEGER,
                                true,
                                Generated.NO,
                                null,
                                TypeMeaning.of("bigint")),
                        new Column(3, "x", "text", ValueKind.TEXT, false, Generated.STORED, "", TypeMeaning.of("text")),
                        new Column(
                                        4,
                                        "y",
                                        "toko.mood",
                                        ValueKind.TEXT,
                                        false,
                                        Generated.NO,
                                        null,
                                        TypeMeaning.of("toko.mood"))
                                .withMeaning(new TypeMeaning("toko.mood", List.of("b", "a"), Collation.LOCALE)),
                        new Column(
                                        5,
                                        "z",
                                        "toko.kode",
                                        ValueKind.TEXT,
                                        false,
                                        Generated.NO,
                                        null,
                                        TypeMeaning.of("toko.kode"))
                                .withMeaning(new TypeMeaning("character varying", List.of(), Collation.C))),
                List.of("id"),
                List.of(new IndexDef("i", true, List.of("x"), "CREATE …")),
                Collation.UNICODE_BYTES);
        SchemaRecord.Table table = new SchemaRecord.Table(schema, SchemaRecord.State.COPYING, "new", 5);

        assertThat(SchemaCodec.decode(SchemaCodec.encode(table))).isEqualTo(table);
        assertThat(SchemaCodec.parse(SchemaCodec.describe(schema))).isEqualTo(schema);
        assertThat(SchemaCodec.decode(SchemaCodec.encode(new SchemaRecord.EpochComplete(4))))
                .isEqualTo(new SchemaRecord.EpochComplete(4));
    }

    @Test
    void descriptionsOfBeforeThereWereMeaningsAreRead() {
        TableSchema schema = SchemaCodec.parse("""
                {"schema":"public","name":"t","oid":1,"generation":1,"version":1,"topic":"t","key":["id"],"indexes":[],
                 "columns":[{"attnum":1,"name":"id","type":"numeric(12,2)[]","kind":"text","not_null":true,"generated":"no",
                             "missing":null}]}
                """);

        assertThat(schema.collation()).isEqualTo(Collation.LOCALE);
        assertThat(schema.columns().get(0).meaning())
                .isEqualTo(new TypeMeaning("numeric[]", List.of(), Collation.LOCALE));
    }

    @Test
    void refusesForeignRecords() {
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ControlCodec.decodeCommit(empty)).hasMessageContaining("lacks");
        assertThatThrownBy(() -> ControlCodec.decodePosition(empty)).hasMessageContaining("lacks");
        assertThatThrownBy(() -> SchemaCodec.decode("[]".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SchemaCodec.decode("{\"kind\":\"view\"}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("view");
    }

    @Test
    void topicNamesAreLegalAndDistinct() {
        Topics topics = new Topics("warung");

        assertThat(topics.table(new TableId("public", "produk"), 1)).isEqualTo("warung.public.produk.1");
        assertThat(topics.table(new TableId("Toko", "harga €"), 2)).isEqualTo("warung.Toko.harga_x0020__x20AC_.2");
        String longName = "é".repeat(63);
        assertThat(topics.table(new TableId(longName, longName), 3))
                .hasSizeLessThanOrEqualTo(249)
                .endsWith(".3");
        assertThat(topics.table(new TableId(longName, longName), 3))
                .isNotEqualTo(topics.table(new TableId(longName, longName + "a"), 3));
        assertThatThrownBy(() -> new Topics("a b")).hasMessageContaining("a b");
    }
}
