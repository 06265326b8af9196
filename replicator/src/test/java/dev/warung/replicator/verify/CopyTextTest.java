package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.value.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyTextTest {

    @ParameterizedTest
    @CsvSource({
        "INTEGER, -9223372036854775808, -9223372036854775808",
        "INTEGER, 9223372036854775807, 9223372036854775807",
        "INTEGER, 0, 0",
        "INTEGER, \\N, NULL",
        "BOOLEAN, t, t",
        "BOOLEAN, f, f",
        "FLOAT, -0, -0.0",
        "FLOAT, 1e+20, 1.0E20",
        "FLOAT, Infinity, Infinity",
        "BYTES, \\\\x00ff7f, \\x00ff7f",
        "BYTES, \\\\x, \\x",
        "TEXT, '', ''''''",
        "TEXT, \\N, NULL",
        "TEXT, \\\\N, '''\\N'''",
        "TEXT, N, '''N'''",
        "TEXT, kopi, '''kopi'''",
    })
    void readsOneValue(ValueKind kind, String copied, String shown) {
        assertThat(read(List.of(kind), copied + "\n").display(0)).isEqualTo(shown);
    }

    @Test
    void undoesEveryEscape() {
        EncodedRow row = read(List.of(ValueKind.TEXT), "a\\tb\\nc\\rd\\be\\ff\\vg\\\\h\n");

        assertThat(row.display(0)).isEqualTo("'a\tb\nc\rd\be\ff\u000bg\\h'");
    }

    @Test
    void readsTheFirstAndTheLastColumnWhenEmpty() {
        EncodedRow row = read(List.of(ValueKind.TEXT, ValueKind.INTEGER, ValueKind.TEXT), "\t7\t");

        assertThat(row.display(0)).isEqualTo("''");
        assertThat(row.display(1)).isEqualTo("7");
        assertThat(row.display(2)).isEqualTo("''");
    }

    @Test
    void showsALongValueByItsStartAndHash() {
        EncodedRow row = read(List.of(ValueKind.TEXT), "x".repeat(5000));

        assertThat(row.display(0)).startsWith("xxxx").contains("(5000 bytes, hash ");
    }

    @Test
    void refusesARowWithMoreOrFewerColumns() {
        assertThatThrownBy(() -> read(List.of(ValueKind.TEXT, ValueKind.TEXT), "a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(List.of(ValueKind.TEXT), "a\tb")).isInstanceOf(IllegalArgumentException.class);
    }

    private static EncodedRow read(List<ValueKind> kinds, String line) {
        RowEncoder encoder = new RowEncoder(kinds.size(), new int[0]);
        new CopyText(kinds).read(line.getBytes(StandardCharsets.UTF_8), encoder);
        return encoder.snapshot();
    }
}
