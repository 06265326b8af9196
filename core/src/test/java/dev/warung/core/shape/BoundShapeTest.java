package dev.warung.core.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.PgValues;
import dev.warung.core.where.bind.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoundShapeTest {

    private static final TableSchema ORDERS = table(
            "orders",
            1,
            "id:int8:bigint",
            "branch_id:int4:integer",
            "tenant:text:text",
            "total:numeric:numeric(12,2)",
            "secret:text:text");
    private static final TableSchema BRANCHES = table("branches", 1, "id:int4:integer", "region:text:text");

    @Test
    void columnsStandInTheTablesOrderWhateverTheListSays() {
        BoundShape shape = bind(shape(List.of("branch_id"), entry("orders", "branch_id = :branch_id", "total", "id")));

        BoundTable orders = shape.tables().get(0);
        assertThat(orders.positions()).containsExactly(0, 3);
        assertThat(orders.columns()).extracting(Column::name).containsExactly("id", "total");
        assertThat(orders.where().orElseThrow().parameters()).containsOnlyKeys("branch_id");
    }

    @Test
    void withoutColumnsAndWhereATableIsWhole() {
        BoundShape shape = bind(shape(List.of(), new ShapeTable(ORDERS.id(), List.of(), Optional.empty())));

        assertThat(shape.tables().get(0).positions()).containsExactly(0, 1, 2, 3, 4);
        assertThat(shape.tables().get(0).where()).isEmpty();
        assertThat(shape.instance(Map.of())).contains(new InstanceId("branch", List.of()));
    }

    @Test
    void allProblemsAreToldAtOnce() {
        Shape broken = new Shape(
                "Branch",
                List.of("branch_id", "branch_id"),
                List.of(
                        entry("orders", "branch_id = 'satu' and warna = 1 and tenant = :tenant", "total", "colour"),
                        entry("orders", "true"),
                        entry("nothing", "true"),
                        entry("branches", "region = :region"),
                        new ShapeTable(new TableId("warung", "outlets"), List.of(), Optional.empty())),
                List.of(new TableId("public", "staff")));

        ShapeException refused = catchThrowableOfType(ShapeException.class, () -> bind(broken));

        assertThat(refused.problems())
                .extracting(ShapeProblem::toString)
                .containsExactly(
                        "shape Branch: a name has 1 to 40 lower-case letters, digits or '-', and begins with a letter",
                        "shape Branch: parameter branch_id is declared twice",
                        "shape Branch, table public.orders: unknown column colour",
                        "shape Branch, table public.orders: its columns lack the key: id",
                        "shape Branch, table public.orders: where at character 47: unknown parameter tenant; the shape"
                                + " declares [branch_id, branch_id]",
                        "shape Branch, table public.orders: where at character 13: invalid input syntax for type"
                                + " integer: \"satu\"",
                        "shape Branch, table public.orders: where at character 24: unknown column warna of"
                                + " public.orders",
                        "shape Branch, table public.orders: it is declared twice; one entry holds all its rows: join"
                                + " the clauses with OR",
                        "shape Branch, table public.nothing: there is no captured table of this name",
                        "shape Branch, table public.branches: where at character 10: unknown parameter region; the shape declares"
                                + " [branch_id, branch_id]",
                        "shape Branch, table warung.outlets: the pipeline's own tables are not for outlets",
                        "shape Branch: writable names public.staff, which is not one of its tables");
    }

    @Test
    void aParameterInNoClauseIsRefused() {
        assertThatThrownBy(() -> bind(shape(List.of("branch_id"), entry("orders", "total > 0"))))
                .hasMessageContaining("parameter branch_id is in no clause");
    }

    @Test
    void aParameterMayStandInASubSelectOnly() {
        BoundShape shape = bind(shape(
                List.of("region"),
                entry("orders", "branch_id in (select id from branches where region = :region)"),
                entry("branches", "region = :region")));

        assertThat(shape.instance(Map.of("region", "timur"))).contains(new InstanceId("branch", List.of("timur")));
    }

    @Test
    void anOutletWithoutAParameterHoldsNoInstance() {
        BoundShape shape = bind(shape(List.of("branch_id"), entry("orders", "branch_id = :branch_id")));

        assertThat(shape.instance(Map.of("tenant", "a"))).isEmpty();
    }

    @Test
    void spellingsOfOneValueAreOneInstance() {
        BoundShape shape = bind(
                shape(List.of("tenant", "branch_id"), entry("orders", "branch_id = :branch_id and tenant = :tenant")));

        InstanceId instance =
                shape.instance(Map.of("branch_id", " 007", "tenant", " 007")).orElseThrow();

        assertThat(instance).isEqualTo(new InstanceId("branch", List.of(" 007", "7")));
        assertThat(shape.valuesOf(instance)).containsEntry("branch_id", "7").containsEntry("tenant", " 007");
    }

    @Test
    void aValueThatAClauseCannotTakeIsRefused() {
        BoundShape shape = bind(shape(List.of("branch_id"), entry("orders", "total > 10 / :branch_id")));

        assertThatThrownBy(() -> shape.instance(Map.of("branch_id", "satu")))
                .hasMessageContaining("shape branch, table public.orders: parameter branch_id: invalid input syntax");
        assertThatThrownBy(() -> shape.instance(Map.of("branch_id", "0"))).hasMessageContaining("division by zero");
    }

    @Test
    void aDescriptionChangesWithWhatOutletsWouldSee() {
        Shape some = shape(
                List.of(), entry("orders", "branch_id in (select id from branches where region = 'a')", "id", "total"));
        String before = bind(some).description();
        TableSchema wider = table(
                "orders",
                1,
                "id:int8:bigint",
                "branch_id:int4:integer",
                "tenant:text:text",
                "total:numeric:numeric(12,2)",
                "secret:text:text",
                "added:text:text");
        TableSchema retyped = table(
                "orders",
                1,
                "id:int8:bigint",
                "branch_id:int4:integer",
                "tenant:text:text",
                "total:numeric:numeric(14,2)",
                "secret:text:text");

        assertThat(BoundShape.bind(some, tables(wider, BRANCHES)).description()).isEqualTo(before);
        assertThat(BoundShape.bind(some, tables(retyped, BRANCHES)).description())
                .isNotEqualTo(before);
        assertThat(BoundShape.bind(some, tables(ORDERS, table("branches", 2, "id:int4:integer", "region:text:text")))
                        .description())
                .isNotEqualTo(before);
        Shape whole = shape(List.of(), new ShapeTable(ORDERS.id(), List.of(), Optional.empty()));
        assertThat(BoundShape.bind(whole, tables(wider, BRANCHES)).description())
                .isNotEqualTo(bind(whole).description());
    }

    @Test
    void shapesWithOneTableNeedTheSameColumns() {
        Shape branch = shape(List.of(), entry("orders", "true", "id", "total"));
        Shape same = new Shape("same", List.of(), List.of(entry("orders", "true", "total", "id")), List.of());
        Shape other = new Shape("other", List.of(), List.of(entry("orders", "true")), List.of());

        assertThat(ShapeCheck.of(List.of(branch, same), tables(ORDERS)).problems())
                .isEmpty();
        assertThat(ShapeCheck.of(List.of(branch, same, other), tables(ORDERS)).problems())
                .extracting(ShapeProblem::toString)
                .containsExactly("shape other, table public.orders: shape branch has other columns of it, and an"
                        + " outlet may hold both; give both the same list");
    }

    @Test
    void aBrokenShapeLeavesTheOthersAlone() {
        Shape broken = shape(List.of(), entry("orders", "warna = 1"));
        Shape sound = new Shape("sound", List.of(), List.of(entry("branches", "id > 0")), List.of());

        ShapeCheck check = ShapeCheck.of(List.of(broken, sound, sound), tables(ORDERS, BRANCHES));

        assertThat(check.shapes()).extracting(BoundShape::name).containsExactly("sound");
        assertThat(check.problems()).extracting(ShapeProblem::shape).containsExactly("branch", "sound");
    }

    @Test
    void attributesAreReadAsPostgresqlReadsThem() {
        assertThat(Outlet.attributesOf("{\"a\": 7.50, \"b\": \"x\\\"y\", \"c\": null, \"d\": true, \"e\": [1]}"))
                .containsExactly(
                        Map.entry("a", "7.50"), Map.entry("b", "x\"y"), Map.entry("d", "true"), Map.entry("e", "[1]"));
        assertThat(Outlet.attributesOf("{}")).isEmpty();
        assertThat(Outlet.attributesOf("[]")).isEmpty();
        assertThat(List.of("jkt-01", "A", "-a", "a.b", ""))
                .filteredOn(Outlet::isCode)
                .containsExactly("jkt-01", "A");
    }

    private static BoundShape bind(Shape shape) {
        return BoundShape.bind(shape, tables(ORDERS, BRANCHES));
    }

    private static Shape shape(List<String> parameters, ShapeTable... tables) {
        return new Shape("branch", parameters, List.of(tables), List.of());
    }

    private static ShapeTable entry(String table, String where, String... columns) {
        return new ShapeTable(new TableId("public", table), List.of(columns), Optional.of(where));
    }

    private static Tables tables(TableSchema... known) {
        return (schema, name) -> Arrays.stream(known)
                .filter(table -> table.id().equals(new TableId(schema.orElse("public"), name)))
                .findFirst();
    }

    private static TableSchema table(String name, int generation, String... described) {
        List<Column> columns = new ArrayList<>();
        for (String column : described) {
            String[] parts = column.split(":");
            columns.add(new Column(
                    columns.size() + 1,
                    parts[0],
                    parts[2],
                    PgValues.kindOf(parts[1]),
                    false,
                    Generated.NO,
                    null,
                    TypeMeaning.of(parts[2])));
        }
        return new TableSchema(
                new TableId("public", name),
                1,
                generation,
                1,
                "topic",
                columns,
                List.of("id"),
                List.of(),
                Collation.LOCALE);
    }
}
