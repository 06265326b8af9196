package dev.warung.core.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.schema.Column;
import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.sqlite.SqliteFilter;
import dev.warung.core.where.tree.InnerSet;
import dev.warung.core.where.tree.InnerSets;
import dev.warung.core.where.tree.SubSelect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereClauseTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            branch_id = 7 and created_at > date '2026-01-01'    | true
            branch_id = 8 or nama = 'Kopi'                      | true
            place is null and rate is null                      | true
            rate > 1 or paid                                    | true
            rate > 1                                            |
            not (rate > 1)                                      |
            rate > 1 is unknown                                 | true
            rate is distinct from 5                             | true
            total = 12500                                       | true
            total in (1, 2.5, 12500.0)                          | true
            branch_id not in (1, 2, null)                       |
            nama ilike 'k_P%'                                   | true
            'manis' = any (tags) and tags @> '{asin}'           | true
            data ->> 'warna' = 'merah'                          | true
            (data -> 'n' ->> 1)::int between 2 and 3            | true
            status < 'selesai'                                  | true
            created_at - interval '1 mon' < '2026-01-15'        | true
            nama collate "C" < 'a'                              | true
            coalesce(rate, total, 0) = 12500                    | true
            length(nama) = 4 and code is null                   | true
            """)
    void aClauseSaysWhatPostgresqlSays(String clause, @Nullable Boolean expected) {
        @Nullable
        String[] row = Orders.row(
                "id=1",
                "branch_id=7",
                "nama=Kopi",
                "total=12500.00",
                "paid=t",
                "created_at=2026-02-01 10:00:00+00",
                "tags={manis,asin}",
                "data={\"n\": [1, 2], \"warna\": \"merah\"}",
                "status=baru");

        assertThat(WhereClause.parse(clause, Orders.SCOPE).evaluate(row, InnerSets.NONE))
                .isEqualTo(expected);
    }

    @Test
    void whatPostgresqlFailsOnIsAnError() {
        WhereClause division = WhereClause.parse("10 / branch_id > 1", Orders.SCOPE);
        WhereClause cast = WhereClause.parse("nama::int > 1", Orders.SCOPE);

        assertThatThrownBy(() -> division.takes(Orders.row("branch_id=0")))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("division by zero");
        assertThatThrownBy(() -> cast.takes(Orders.row("nama=x"))).isInstanceOf(EvaluationException.class);
        assertThat(cast.takes(Orders.row("nama=5"))).isTrue();
    }

    @Test
    void aRowMayHoldWhatSqliteStores() {
        WhereClause clause = WhereClause.parse("branch_id = 7 and paid and rate < 1", Orders.SCOPE);
        @Nullable Object[] row = new Object[Orders.ORDERS.columns().size()];
        row[1] = 7L;
        row[4] = 1L;
        row[11] = "-Infinity";

        assertThat(clause.takes(row)).isTrue();
        row[11] = 2.5;
        assertThat(clause.takes(row)).isFalse();
    }

    @Test
    void routingFindsTheEqualitiesWithParameters() {
        WhereClause clause = WhereClause.parse(
                "branch_id = :b and :kota = nama and total > :min and (paid or id = :x)", Orders.SCOPE);

        Routing routing = clause.routing();

        assertThat(routing.keys()).extracting(KeyPart::parameter).containsExactly("b", "kota");
        assertThat(routing.keys().get(0).keyOfRow(Orders.row("branch_id=7"))).isEqualTo("7");
        assertThat(routing.keys().get(0).keyOfParameter(" +7")).isEqualTo("7");
        assertThat(routing.keys().get(0).keyOfRow(Orders.row())).isNull();
        WhereClause residual = routing.residual().orElseThrow();
        assertThat(residual.parameters()).containsOnlyKeys("min", "x");
        assertThat(residual.with(Map.of("min", "5", "x", "1")).takes(Orders.row("total=7.50", "paid=t")))
                .isTrue();
    }

    @Test
    void aClauseOfKeysAloneLeavesNothing() {
        assertThat(WhereClause.parse("branch_id = :b", Orders.SCOPE).routing().residual())
                .isEmpty();
    }

    @Test
    void aParameterThatIsNullTakesNoRow() {
        Map<String, @Nullable String> values = new HashMap<>();
        values.put("b", null);

        WhereClause clause = WhereClause.parse("branch_id = :b", Orders.SCOPE).with(values);

        assertThat(clause.evaluate(Orders.row("branch_id=7"), InnerSets.NONE)).isNull();
    }

    @Test
    void theColumnsOfAClauseAreKnown() {
        WhereClause clause = WhereClause.parse("branch_id = 1 and (nama like 'a%' or branch_id > 5)", Orders.SCOPE);

        assertThat(clause.columns()).extracting(Column::name).containsExactly("branch_id", "nama");
    }

    @Test
    void aSubSelectAsksForTheInnerValues() {
        WhereClause clause = WhereClause.parse(
                        "branch_id in (select id from branches where region = :r and open)", Orders.SCOPE)
                .with(Map.of("r", "timur"));
        SubSelect select = clause.subSelects().get(0);

        assertThat(select.takes(new String[] {"7", "timur", "t"})).isTrue();
        assertThat(select.takes(new String[] {"8", "barat", "t"})).isFalse();
        assertThat(select.key(new String[] {"7", "timur", "t"})).isEqualTo("7");
        assertThat(clause.evaluate(Orders.row("branch_id=7"), s -> new Inner(Set.of("7"), false)))
                .isTrue();
        assertThat(clause.evaluate(Orders.row("branch_id=8"), s -> new Inner(Set.of("7"), false)))
                .isFalse();
        assertThat(clause.evaluate(Orders.row("branch_id=8"), s -> new Inner(Set.of("7"), true)))
                .isNull();
        assertThat(clause.evaluate(Orders.row(), s -> new Inner(Set.of("7"), false)))
                .isNull();
        assertThat(clause.evaluate(Orders.row(), s -> new Inner(Set.of(), false)))
                .isFalse();
    }

    private record Inner(Set<String> values, boolean holdsNull) implements InnerSet {
        @Override
        public boolean isEmpty() {
            return values.isEmpty() && !holdsNull;
        }

        @Override
        public boolean contains(String key) {
            return values.contains(key);
        }
    }

    @Test
    void sqliteGetsWhatItDecidesAsPostgresqlDoes() {
        SqliteFilter exact = WhereClause.parse(
                        "branch_id = 7 and nama <> 'x' and (paid or id in (1, 2, 3, 4))", Orders.SCOPE)
                .sqlite(Column::name);
        SqliteFilter partly =
                WhereClause.parse("branch_id = 7 and total > 5", Orders.SCOPE).sqlite(Column::name);
        SqliteFilter nothing =
                WhereClause.parse("total > 5 or branch_id = 7", Orders.SCOPE).sqlite(Column::name);

        assertThat(exact.isExact()).isTrue();
        assertThat(exact.sql()).isEqualTo("branch_id = ? AND nama <> ? AND ((paid) OR (id IN (?, ?, ?, ?)))");
        assertThat(exact.values()).isEqualTo(List.of(7L, "x", 1L, 2L, 3L, 4L));
        assertThat(partly).isEqualTo(new SqliteFilter("branch_id = ?", List.of(7L), false));
        assertThat(nothing).isEqualTo(new SqliteFilter("1", List.of(), false));
    }
}
