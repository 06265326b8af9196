package dev.warung.core.where.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.warung.core.where.problem.WhereException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            a = 1 OR b = 2 AND NOT c = 3      ¦ ((a = 1) or ((b = 2) and (not (c = 3))))
            a + b * c ^ d ^ e                 ¦ (a + (b * ((c ^ d) ^ e)))
            -a ^ 2                            ¦ ((- a) ^ 2)
            -a::text                          ¦ (- (a :: text))
            a || b + c = d                    ¦ ((a || (b + c)) = d)
            @ a - b                           ¦ (@ (a - b))
            a=-1                              ¦ (a = (- 1))
            a <-1                             ¦ (a < (- 1))
            a < b IS NULL                     ¦ ((a < b) isnull)
            NOT a IS NULL                     ¦ (not (a isnull))
            a BETWEEN 1 AND 2 AND b           ¦ ((a between 1, 2) and b)
            a NOT IN (1, 2) = b               ¦ ((a in 1, 2) = b)
            a LIKE b || c                     ¦ (a ~~ (b || c))
            a IS DISTINCT FROM b OR c         ¦ ((a distinct b) or c)
            a = ANY (b) AND c                 ¦ ((a = any b) and c)
            a -> 'x' ->> 'y' = 'z'            ¦ (((a -> x) ->> y) = z)
            a[1]::int                         ¦ ((a [] 1) :: integer)
            """)
    void operatorsBindAsInPostgresql(String clause, String shape) {
        assertThat(shape(Parser.parse(clause))).isEqualTo(shape);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a = 'x                      | 5 | the string does not end: a ' is missing
            a = "x                      | 5 | the name does not end: a " is missing
            a = 1 /* b                  | 7 | the comment does not end
            a =                         | 4 | expected a value but found the end
            a = 1 b                     | 7 | expected an operator or the end but found "b"
            a < b < c                   | 7 | expected an operator or the end but found "<"
            a IN ()                     | 3 | the list of IN must not be empty
            (a = 1                      | 7 | expected ")" but found the end
            a IS 5                      | 6 | expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM but found "5"
            a = 1 ORDER BY a            | 7 | a where clause cannot be followed by "order"
            a = 1; DROP TABLE t         | 6 | expected an operator or the end but found ";"
            CASE WHEN a THEN b END      | 1 | "case" is not supported
            EXISTS (SELECT 1)           | 1 | "exists" is not supported
            a = (SELECT 1)              | 6 | a SELECT may only stand in column IN
            (a, b) = (1, 2)             | 1 | rows of several values are not supported
            a SIMILAR TO 'x'            | 3 | SIMILAR TO is not supported
            a AT TIME ZONE 'UTC'        | 3 | AT TIME ZONE is not supported
            a[1:2] = b                  | 4 | slices of arrays are not supported
            a = current_date            | 5 | changes without a change of the row
            count(*) > 1                | 7 | "*" is not supported in a function's arguments
            a = B'1'                    | 5 | strings of the kind B'…' are not supported
            a = 1a                      | 6 | a name cannot follow a number directly
            a = warna 'x'               | 5 | unknown type "warna" before a string
            a::double = 1               | 11 | expected PRECISION but found "="
            """)
    void anErrorSaysWhereAndWhatWasExpected(String clause, int position, String message) {
        assertThatThrownBy(() -> Parser.parse(clause)).isInstanceOfSatisfying(WhereException.class, e -> {
            assertThat(e.problems()).hasSize(1);
            assertThat(e.problems().get(0).message()).contains(message);
            assertThat(e.problems().get(0).position()).isEqualTo(position);
        });
    }

    @Test
    void deepNestingIsRefusedBeforeItOverflowsAStack() {
        String deep = "(".repeat(5000) + "a" + ")".repeat(5000);
        String chain = "a" + " + a".repeat(5000);
        String nots = "NOT ".repeat(5000) + "a";

        for (String clause : new String[] {deep, chain, nots}) {
            assertThatThrownBy(() -> Parser.parse(clause)).hasMessageContaining("nests more than 200 levels");
        }
    }

    @Test
    void aLongListOfConditionsIsNotDeep() {
        String many = "a = 1" + " OR a = 1".repeat(5000);

        assertThat(Parser.parse(many))
                .isInstanceOfSatisfying(
                        Syntax.Or.class, or -> assertThat(or.operands()).hasSize(5001));
    }

    @Test
    void aTooLongTextIsRefused() {
        assertThatThrownBy(() -> Parser.parse("a = '" + "x".repeat(100_000) + "'"))
                .hasMessageContaining("more than 100000");
    }

    @Test
    void stringsAndNamesAreReadAsPostgresqlReadsThem() {
        assertThat(shape(Parser.parse("'a''b' = E'\\n\\u00e9\\'' || $$x'y$$"))).isEqualTo("(a'b = (\né' || x'y))");
        assertThat(shape(Parser.parse("NaMa = \"Na\"\"Ma\" /* a /* b */ c */ -- d")))
                .isEqualTo("(nama = Na\"Ma)");
        assertThat(shape(Parser.parse("a = :cabang AND b = $12"))).isEqualTo("((a = :cabang) and (b = :12))");
    }

    private static String shape(Syntax syntax) {
        if (syntax instanceof Syntax.Name name) {
            return String.join(".", name.parts());
        }
        if (syntax instanceof Syntax.Numeral number) {
            return number.value();
        }
        if (syntax instanceof Syntax.Text text) {
            return text.value();
        }
        if (syntax instanceof Syntax.Parameter parameter) {
            return ":" + parameter.name();
        }
        if (syntax instanceof Syntax.Infix infix) {
            return "(" + shape(infix.left()) + " " + infix.operator() + " " + shape(infix.right()) + ")";
        }
        if (syntax instanceof Syntax.Prefix prefix) {
            return "(" + prefix.operator() + " " + shape(prefix.operand()) + ")";
        }
        if (syntax instanceof Syntax.And and) {
            return joined(" and ", and.operands());
        }
        if (syntax instanceof Syntax.Or or) {
            return joined(" or ", or.operands());
        }
        if (syntax instanceof Syntax.Not not) {
            return "(not " + shape(not.operand()) + ")";
        }
        if (syntax instanceof Syntax.NullTest test) {
            return "(" + shape(test.operand()) + " isnull)";
        }
        if (syntax instanceof Syntax.Between between) {
            return "(" + shape(between.operand()) + " between " + shape(between.low()) + ", " + shape(between.high())
                    + ")";
        }
        if (syntax instanceof Syntax.InList in) {
            return "(" + shape(in.operand()) + " in "
                    + in.elements().stream().map(ParserTest::shape).collect(Collectors.joining(", ")) + ")";
        }
        if (syntax instanceof Syntax.Like like) {
            return "(" + shape(like.operand()) + " " + like.like().operator() + " " + shape(like.pattern()) + ")";
        }
        if (syntax instanceof Syntax.Distinct distinct) {
            return "(" + shape(distinct.left()) + " distinct " + shape(distinct.right()) + ")";
        }
        if (syntax instanceof Syntax.Quantified any) {
            return "(" + shape(any.left()) + " " + any.operator() + " any " + shape(any.array()) + ")";
        }
        if (syntax instanceof Syntax.Cast cast) {
            return "(" + shape(cast.operand()) + " :: " + cast.type().name() + ")";
        }
        if (syntax instanceof Syntax.Element element) {
            return "(" + shape(element.array()) + " [] " + shape(element.index()) + ")";
        }
        return syntax.toString();
    }

    private static String joined(String word, java.util.List<Syntax> operands) {
        return operands.stream().map(ParserTest::shape).collect(Collectors.joining(word, "(", ")"));
    }

    @Test
    void conjunctsAreThePartsThatAndJoinsAtTheTop() {
        assertThat(ClauseText.conjuncts("a = 1 AND b between 2 and 3 and (c and d) and e = ' and ' -- and f"))
                .containsExactly("a = 1", "b between 2 and 3", "(c and d)", "e = ' and ' -- and f");
        assertThat(ClauseText.conjuncts("a and b or c")).containsExactly("a and b or c");
        assertThat(ClauseText.conjuncts("\"and\" = 1")).containsExactly("\"and\" = 1");
    }

    @Test
    void parametersAreKnownWhateverElseIsWrong() {
        assertThat(ClauseText.parameters("a = :b::int and and c = ':d' or $1 = :b"))
                .containsExactly(entry("b", 5), entry("1", 33));
    }
}
