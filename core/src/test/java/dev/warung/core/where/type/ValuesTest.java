package dev.warung.core.where.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.where.problem.EvaluationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            integer                      | 0x1F                         | 31
            numeric                      | 1.50e3                       | 1500
            numeric                      | -inf                         | -Infinity
            real                         | 16777217                     | 1.6777216e+07
            double precision             | 123456789012345              | 123456789012345
            double precision             | 1e15                         | 1e+15
            double precision             | 0.00001                      | 1e-05
            boolean                      | yes                          | t
            date                         | 0044-03-15 BC                | 0044-03-15 BC
            time without time zone       | 24:00                        | 24:00:00
            timestamp with time zone     | 2026-01-02T03:04:05.60+07:30 | 2026-01-01 19:34:05.6+00
            timestamp without time zone  | 2026-01-02 03:04:05+07       | 2026-01-02 03:04:05
            interval                     | 1 year -2 mons 3 days ago    | P-10M-3D
            interval                     | 1.5 days 2.5 hours           | P1DT14H30M
            uuid                         | {A0EEBC999C0B4EF8BB6D6BB9BD380A11} | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
            jsonb                        | {"bb":1,"a":[1.0,null]}      | {"a": [1.0, null], "bb": 1}
            bytea                        | \\xDEAD                       | \\xdead
            """)
    void textsAreReadAndPrintedAsPostgresqlDoes(String type, String text, String printed) {
        SqlType of = SqlType.named(type).orElseThrow();

        assertThat(Values.text(of, Values.parse(of, text))).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            smallint         | 40000
            integer          | 1.5
            numeric          | 1e
            numeric          | 1e999999999
            double precision | 1e400
            boolean          | ja
            date             | 2026-02-29
            date             | 2026-13-01
            date             | 0000-01-01
            timestamp without time zone | 294277-01-01 00:00
            interval         | 3 apples
            uuid             | a0eebc99
            jsonb            | {a: 1}
            jsonb            | [1,]
            bytea            | \\xf
            """)
    void textsThatAreNotOfTheTypeAreRefused(String type, String text) {
        SqlType of = SqlType.named(type).orElseThrow();

        assertThatThrownBy(() -> Values.parse(of, text)).isInstanceOf(EvaluationException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            abc     | a%      | true
            abc     | %c      | true
            abc     | _b_     | true
            abc     | abc_    | false
            a%c     | a\\%c    | true
            abc     | a\\%c    | false
            a😀c    | a_c     | true
            aXbXc   | a%b%c   | true
            """)
    void likeMatchesWholeCharacters(String text, String pattern, boolean expected) {
        assertThat(LikePattern.matches(text, pattern)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'{1,NULL,3}', 1, 3", "'{{1,2},{3,4}}', 2, 4", "'[0:1]={7,8}', 1, 2", "'{}', 0, 0"})
    void arraysHaveTheirShape(String text, int dimensions, int elements) {
        ArrayValue array = (ArrayValue) Values.parse(SqlType.arrayOf(SqlType.INT4), text);

        assertThat(array.dimensions()).isEqualTo(dimensions);
        assertThat(array.elements()).hasSize(elements);
        assertThat(Values.text(SqlType.arrayOf(SqlType.INT4), array)).isEqualTo(text);
    }
}
