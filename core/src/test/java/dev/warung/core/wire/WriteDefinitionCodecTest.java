package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WritableTable.Reference;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.WritePolicy.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteDefinitionCodecTest {

    private static final TableId STOK = new TableId("public", "stok");

    @Test
    void definitionsComeBack() {
        WriteDefinition definition = new WriteDefinition(
                new WritableTable(
                        STOK,
                        Optional.of("id"),
                        List.of("nilai"),
                        List.of("jumlah"),
                        List.of(new Reference(List.of("produk_id"), new TableId("public", "produk"), List.of("id")))),
                new WritePolicy(
                        WritePolicy.Conflict.MANUAL,
                        WritePolicy.Delete.UPDATE_WINS,
                        true,
                        Optional.of("diperbarui"),
                        List.of(
                                new Rule("tidak_minus", "jumlah >= 0", Optional.of("Stok tidak cukup")),
                                new Rule("ada", "produk_id is not null", Optional.empty()))));

        assertThat(WriteDefinitionCodec.decode(STOK, WriteDefinitionCodec.encode(definition)))
                .isEqualTo(definition);
    }

    @Test
    void nothingDeclaredMeansTheDefaults() {
        assertThat(WriteDefinitionCodec.decode(STOK, "{}"))
                .isEqualTo(new WriteDefinition(
                        new WritableTable(STOK, Optional.empty(), List.of(), List.of(), List.of()),
                        WritePolicy.DEFAULT));
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> WriteDefinitionCodec.decode(STOK, "{\"conflicts\":\"manual\"}"))
                .hasMessageContaining("conflicts");
        assertThatThrownBy(() -> WriteDefinitionCodec.decode(STOK, "{\"conflict\":\"later\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
