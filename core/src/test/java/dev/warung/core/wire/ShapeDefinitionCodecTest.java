package dev.warung.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warung.core.change.TableId;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeException;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.shape.ShapeTable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeDefinitionCodecTest {

    @Test
    void aDefinitionRoundTrips() {
        TableId orders = new TableId("public", "orders");
        Shape shape = new Shape(
                "branch",
                List.of("branch_id"),
                List.of(
                        new ShapeTable(orders, List.of("id", "total"), Optional.of("branch_id = :branch_id")),
                        new ShapeTable(new TableId("gudang", "stok.harian"), List.of(), Optional.empty())),
                List.of(orders));

        String definition = ShapeDefinitionCodec.encode(shape);

        assertThat(definition)
                .isEqualTo("{\"parameters\":[\"branch_id\"],\"tables\":[{\"table\":\"public.orders\",\"columns\":"
                        + "[\"id\",\"total\"],\"where\":\"branch_id = :branch_id\"},{\"table\":\"gudang.stok.harian\"}],"
                        + "\"writable\":[\"public.orders\"]}");
        assertThat(ShapeDefinitionCodec.decode("branch", definition)).isEqualTo(shape);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        ShapeException refused = catchThrowableOfType(
                ShapeException.class,
                () -> ShapeDefinitionCodec.decode(
                        "branch",
                        "{\"parameters\":\"branch_id\",\"tables\":[{\"table\":\"orders\",\"were\":\"true\",\"columns\":[]},"
                                + "{\"where\":\"true\"},{\"table\":\"kategori\",\"where\":5}],\"writable\":[1]}"));

        assertThat(refused.problems())
                .extracting(ShapeProblem::message)
                .containsExactlyInAnyOrder(
                        "parameters must be a list of texts",
                        "table orders has an unknown field were",
                        "table orders: columns is empty; leave it out for all columns",
                        "each of tables needs a table: {\"table\":\"public.orders\"}",
                        "table kategori: where must be a text",
                        "writable must be a list of texts, but holds 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{}", "{\"tables\":{}}", "{\"tables\":null}"})
    void whatIsNoDefinitionIsRefused(String text) {
        assertThat(catchThrowableOfType(ShapeException.class, () -> ShapeDefinitionCodec.decode("branch", text))
                        .problems())
                .isNotEmpty();
    }
}
