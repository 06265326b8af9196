package dev.warung.capture.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Collation;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TableSchema;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.core.wire.SchemaRecord;
import dev.warung.core.wire.SchemaRecord.State;
import dev.warung.core.wire.Topics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaPlannerTest {

    private static final Column ID = column(1, "id", ValueKind.INTEGER);
    private static final Column NOTE = column(2, "note", ValueKind.TEXT);

    private final CatalogHistory history = new CatalogHistory();
    private final SchemaPlanner planner = new SchemaPlanner(history, new Topics("t"));

    @Test
    void aNewTableIsLiveAtOnce() {
        TableSchema schema = only(plan(shape("sale", "id", ID, NOTE)), State.LIVE);

        assertThat(schema.topic()).isEqualTo("t.public.sale.1");
    }

    @Test
    void aNewTableThatHadRowsIsCopied() {
        CatalogueChange change = new CatalogueChange(List.of(shape("sale", "id", ID)), Set.of(), Set.of(), Set.of(7L));

        only(apply(planner.plan(change, 0)), State.COPYING);
    }

    @Test
    void anAddedColumnAndARenameKeepTheGeneration() {
        TableSchema first = only(plan(shape("sale", "id", ID)), State.LIVE);
        TableSchema second = only(plan(shape("sale", "id", ID, NOTE)), State.LIVE);
        TableSchema third = only(plan(shape("sold", "id", ID, NOTE)), State.LIVE);

        assertThat(List.of(second.topic(), third.topic())).containsOnly(first.topic());
        assertThat(third.version()).isGreaterThan(second.version());
        assertThat(history.find(new TableId("public", "sale"))).isEmpty();
    }

    @Test
    void nothingNewIsNoRecord() {
        plan(shape("sale", "id", ID));

        assertThat(plan(shape("sale", "id", ID))).isEmpty();
    }

    @Test
    void anotherMeaningOfAColumnIsAnotherDescriptionOfTheSameGeneration() {
        TableSchema first = only(plan(shape("sale", "id", ID, NOTE)), State.LIVE);
        Column note = NOTE.withMeaning(new TypeMeaning("public.mood", List.of("a", "b"), Collation.LOCALE));
        TableSchema second = only(plan(shape("sale", "id", ID, note)), State.LIVE);

        assertThat(second.topic()).isEqualTo(first.topic());
        assertThat(second.version()).isGreaterThan(first.version());
        assertThat(second.hasRowsOf(first)).isTrue();
    }

    @Test
    void aRewriteAnotherKeyAndAnotherKindOfColumnBeginAGeneration() {
        plan(shape("sale", "id", ID, NOTE));

        TableSchema rewritten = only(
                apply(planner.plan(
                        new CatalogueChange(List.of(shape("sale", "id", ID, NOTE)), Set.of(), Set.of(7L), Set.of()),
                        0)),
                State.COPYING);
        TableSchema rekeyed = only(plan(shape("sale", "note", ID, NOTE)), State.COPYING);
        TableSchema recoded = only(plan(shape("sale", "note", column(1, "id", ValueKind.TEXT), NOTE)), State.COPYING);

        assertThat(List.of(rewritten.generation(), rekeyed.generation(), recoded.generation()))
                .containsExactly(2, 3, 4);
    }

    @Test
    void aRefusedTableIsFrozenAndCopiedWhenItIsWellAgain() {
        plan(shape("sale", "id", ID));
        TableShape refused = new TableShape(
                new TableId("public", "sale"), 7, List.of(ID), List.of(), List.of(), Optional.of("it has no key"));

        SchemaRecord.Table frozen = plan(refused).get(0);
        TableSchema again = only(plan(shape("sale", "id", ID)), State.COPYING);

        assertThat(frozen.state()).isEqualTo(State.BROKEN);
        assertThat(frozen.reason()).isEqualTo("it has no key");
        assertThat(again.generation()).isEqualTo(2);
    }

    @Test
    void aTableOfTheSameNameGetsAnotherTopic() {
        plan(shape("sale", "id", ID));
        apply(planner.plan(new CatalogueChange(List.of(), Set.of(7L), Set.of(), Set.of()), 0));

        TableShape other = new TableShape(
                new TableId("public", "sale"), 8, List.of(ID), List.of("id"), List.of(), Optional.empty());

        assertThat(only(plan(other), State.LIVE).topic()).isEqualTo("t.public.sale.2");
    }

    private List<SchemaRecord.Table> plan(TableShape shape) {
        return apply(planner.plan(new CatalogueChange(List.of(shape), Set.of(), Set.of(), Set.of()), 0));
    }

    private List<SchemaRecord.Table> apply(List<SchemaRecord.Table> records) {
        records.forEach(history::apply);
        return records;
    }

    private static TableSchema only(List<SchemaRecord.Table> records, State state) {
        assertThat(records).hasSize(1);
        assertThat(records.get(0).state()).isEqualTo(state);
        return records.get(0).schema();
    }

    private static TableShape shape(String name, String key, Column... columns) {
        return new TableShape(
                new TableId("public", name), 7, List.of(columns), List.of(key), List.of(), Optional.empty());
    }

    private static Column column(int attnum, String name, ValueKind kind) {
        return new Column(attnum, name, kind.name(), kind, true, Generated.NO, null, TypeMeaning.of(kind.name()));
    }
}
