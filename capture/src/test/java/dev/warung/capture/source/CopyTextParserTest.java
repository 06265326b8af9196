package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyTextParserTest {

    private static final String ALPHABET = "aN\\\t\n\r\b\f\u000bxé漢😀\"'{},0 ";

    @Test
    void nullAndTheEmptyTextAndTheTwoLettersDiffer() {
        assertThat(parse(4, "\\N\t\t\\\\N\tN\n")).containsExactly(null, "", "\\N", "N");
    }

    @Test
    void aRowWithoutNewlineIsTheSame() {
        assertThat(parse(2, "7\tx")).containsExactly("7", "x");
    }

    @Test
    void oneEmptyColumnIsOneEmptyText() {
        assertThat(parse(1, "\n")).containsExactly("");
    }

    @Test
    void anotherNumberOfColumnsIsRefused() {
        assertThatThrownBy(() -> parse(2, "7\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse(2, "7\t8\t9\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatPostgresEscapesIsReadBack(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            @Nullable String[] row = row(random);
            assertThat(parse(row.length, encode(row))).isEqualTo(row);
        }
    }

    private static @Nullable String[] parse(int columns, String line) {
        return new CopyTextParser(columns).parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String[] row(Random random) {
        @Nullable String[] row = new @Nullable String[1 + random.nextInt(6)];
        int[] letters = ALPHABET.codePoints().toArray();
        for (int i = 0; i < row.length; i++) {
            if (random.nextInt(4) > 0) {
                StringBuilder text = new StringBuilder();
                random.ints(random.nextInt(12), 0, letters.length).forEach(at -> text.appendCodePoint(letters[at]));
                row[i] = text.toString();
            }
        }
        return row;
    }

    /** As PostgreSQL's CopyAttributeOutText does. */
    private static String encode(@Nullable String[] row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            line.append(i == 0 ? "" : "\t");
            String text = row[i];
            line.append(
                    text == null
                            ? "\\N"
                            : text.replace("\\", "\\\\")
                                    .replace("\t", "\\t")
                                    .replace("\n", "\\n")
                                    .replace("\r", "\\r")
                                    .replace("\b", "\\b")
                                    .replace("\f", "\\f")
                                    .replace("\u000b", "\\v"));
        }
        return line.append('\n').toString();
    }
}
