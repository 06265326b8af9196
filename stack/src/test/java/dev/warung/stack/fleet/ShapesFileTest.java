package dev.warung.stack.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.TableId;
import dev.warung.core.shape.Shape;
import dev.warung.core.shape.ShapeProblem;
import dev.warung.core.shape.ShapeTable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapesFileTest {

    @Test
    void aFileBecomesShapes() {
        ShapesFile file = ShapesFile.parse("shapes.yaml", """
                shapes:
                  catalog:            # the same for everyone
                    tables: { produk: {columns: [id, nama]}, kategori: {} , gudang.rak: }
                  branch:
                    parameters: [branch_id]
                    tables:
                      orders: { where: "branch_id = :branch_id" }
                    writable: [orders]
                """);

        assertThat(file.problems()).isEmpty();
        assertThat(file.shapes())
                .containsExactly(
                        new Shape(
                                "catalog",
                                List.of(),
                                List.of(
                                        new ShapeTable(id("public", "produk"), List.of("id", "nama"), Optional.empty()),
                                        new ShapeTable(id("public", "kategori"), List.of(), Optional.empty()),
                                        new ShapeTable(id("gudang", "rak"), List.of(), Optional.empty())),
                                List.of()),
                        new Shape(
                                "branch",
                                List.of("branch_id"),
                                List.of(new ShapeTable(
                                        id("public", "orders"), List.of(), Optional.of("branch_id = :branch_id"))),
                                List.of(id("public", "orders"))));
    }

    @Test
    void allProblemsOfTheFormAreToldAtOnce() {
        ShapesFile file = ShapesFile.parse("shapes.yaml", """
                shapes:
                  catalog:
                    table: {}
                    tables: { produk: {columns: [], were: x}, kategori: {where: 5, columns: [1]} }
                  branch:
                    parameters: branch_id
                    tables: [orders]
                  other: 7
                """);

        assertThat(file.problems())
                .extracting(ShapeProblem::toString)
                .containsExactlyInAnyOrder(
                        "shape catalog: unknown field table; it has parameters, tables, writable",
                        "shape catalog, table public.produk: unknown field were; it has columns, where",
                        "shape catalog, table public.produk: columns is empty; leave it out for all columns",
                        "shape catalog, table public.kategori: where must be a text: put it in quotes",
                        "shape catalog, table public.kategori: columns holds 1, not a name",
                        "shape catalog, table public.kategori: columns is empty; leave it out for all columns",
                        "shape branch: parameters must be a list, such as [id, nama]",
                        "shape branch: tables must be an object with a field for each table, such as {produk: {}}",
                        "shape other: it must be an object with the fields parameters, tables, writable");
    }

    @Test
    void whatIsNoFileOfShapesIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> ShapesFile.parse("s.yaml", "shapes:\n  a: {tables: {x: {}}\n"))
                .hasMessageContaining("s.yaml is not YAML at line");
        assertThatThrownBy(() -> ShapesFile.parse("s.yaml", "shapes:\n  a: {}\n  a: {}\n"))
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> ShapesFile.parse("s.yaml", "a: {}")).hasMessageContaining("begins with shapes:");
        assertThatThrownBy(() -> ShapesFile.parse("s.yaml", "")).hasMessageContaining("begins with shapes:");
        assertThatThrownBy(() -> ShapesFile.parse("s.yaml", "shapes: {}\nshape: {}"))
                .hasMessageContaining("unknown field shape ");
    }

    private static TableId id(String schema, String name) {
        return new TableId(schema, name);
    }
}
