package dev.warung.core.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.problem.WhereProblem;
import dev.warung.core.where.type.SqlType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            warna = 1                        | 1  | unknown column warna of public.orders
            other.id = 1                     | 1  | unknown reference other.id
            nama = 1                         | 6  | operator text = integer does not exist
            id = 'x'                         | 6  | invalid input syntax for type bigint: "x"
            branch_id = 3000000000 + 'y'     | 26 | invalid input syntax for type bigint
            total                            | 1  | the clause must be boolean, but this is numeric
            NOT id                           | 5  | the operand of NOT must be boolean, but this is bigint
            foo(id) = 1                      | 1  | function foo is unknown or not supported
            sum(id) = 1                      | 1  | aggregates are not supported
            now() > created_at               | 1  | now() changes without a change of the row
            lower(id) = 'x'                  | 1  | function lower(bigint) does not exist
            nama < 'm'                       | 6  | write … COLLATE "C"
            nama COLLATE "id_ID" = 'm'       | 6  | the collation "id_ID" is not known here
            place = '10.0.0.1'               | 1  | values of type inet cannot be compared here
            status = 'lama'                  | 10 | invalid input value for enum public.status: "lama"
            created_at > 'yesterday'         | 14 | invalid input syntax for type timestamp with time zone: "yesterday"
            id = 1 / 0                       | 8  | division by zero
            id = ANY (5)                     | 11 | ANY and ALL need an array, but this is integer
            total ^ 2 = 4                    | 7  | powers of numeric are not supported
            id::inet = 1                     | 5  | type inet is unknown or not supported
            paid::numeric = 1                | 1  | there is no cast from boolean to numeric here
            :p IS NULL                       | 1  | the type of parameter p cannot be told
            branch_id IN (SELECT id FROM x)  | 30 | table x is not captured
            data -> 'a' = 'b' AND tags = 5   | 15 | invalid input syntax for type json
            """)
    void aClauseThatMakesNoSenseIsRefusedAtItsPosition(String clause, int position, String message) {
        assertThatThrownBy(() -> WhereClause.parse(clause, Orders.SCOPE))
                .isInstanceOfSatisfying(WhereException.class, e -> {
                    assertThat(e.problems().get(0).message()).contains(message);
                    assertThat(e.problems().get(0).position()).isEqualTo(position);
                });
    }

    @Test
    void theProblemsOfAllBranchesAreReportedAtOnce() {
        assertThatThrownBy(
                        () -> WhereClause.parse("satu = 1 AND (dua = 2 OR nama = 3) AND id IN (1, 'x')", Orders.SCOPE))
                .isInstanceOfSatisfying(
                        WhereException.class,
                        e -> assertThat(e.problems())
                                .extracting(WhereProblem::position)
                                .containsExactly(1, 15, 31, 50));
    }

    @Test
    void parametersTakeTheirTypeFromWhereTheyStand() {
        WhereClause clause = WhereClause.parse(
                "branch_id = :b AND nama LIKE $1 AND created_at > :since AND id = ANY (:ids) AND total > :t::int",
                Orders.SCOPE);

        assertThat(clause.parameters())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "b", SqlType.INT4,
                        "1", SqlType.TEXT,
                        "since", SqlType.TIMESTAMPTZ,
                        "ids", SqlType.arrayOf(SqlType.INT8),
                        "t", SqlType.INT4));
    }

    @Test
    void aParameterOfTwoTypesIsRefused() {
        assertThatThrownBy(() -> WhereClause.parse("branch_id = :b AND nama = :b", Orders.SCOPE))
                .hasMessageContaining("operator text = integer does not exist");
    }

    @Test
    void valuesOfParametersAreCheckedTogether() {
        WhereClause clause = WhereClause.parse("branch_id = :b AND total > :t AND paid = :p", Orders.SCOPE);

        assertThatThrownBy(() -> clause.with(Map.of("b", "x", "t", "1.5")))
                .hasMessageContaining("parameter b: invalid input syntax for type integer: \"x\"")
                .hasMessageContaining("parameter p was not provided");
    }
}
