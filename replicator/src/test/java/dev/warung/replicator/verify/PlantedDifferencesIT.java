package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.replicator.verify.RowDifference.ColumnDifference;
import dev.warung.replicator.verify.RowDifference.KeyValue;
import dev.warung.replicator.verify.TableResult.Verdict;
import dev.warung.testkit.PostgresFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of difference that somebody may plant is found and shown, and nothing else is. */
@Tag("long")
@Timeout(120)
class PlantedDifferencesIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private VerifyScene scene;

    @BeforeEach
    void create(@TempDir Path directory) throws Exception {
        scene = VerifyScene.create(POSTGRES.createDatabase(), directory);
        scene.database.execute("INSERT INTO nilai (k, n) VALUES ('edge', 0)");
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ==> ",
            quoteCharacter = '`',
            value = {
                "DELETE FROM stok WHERE id = 77 ==> MISSING_IN_BACKUP (id=77)",
                "INSERT INTO stok (id) VALUES (99999) ==> ONLY_IN_BACKUP (id=99999)",
                "INSERT INTO stok SELECT * FROM stok WHERE id = 5 ==> REPEATED (id=5)",
                "UPDATE stok SET writer = writer + 1 WHERE id = 9 ==> CHANGED (id=9) writer: 2 <> 3",
                "UPDATE stok SET id = 4000 WHERE id = 8 ==> MISSING_IN_BACKUP (id=8); ONLY_IN_BACKUP (id=4000)",
                "UPDATE stok SET note = '' WHERE id = 9 ==> CHANGED (id=9) note: 'barang 9' <> ''",
                "UPDATE stok SET amount = '11.250' WHERE id = 9 ==> CHANGED (id=9) amount: '11.25' <> '11.250'",
                "UPDATE stok SET note = note || ' ' WHERE id = 9 ==> CHANGED (id=9) note: 'barang 9' <> 'barang 9 '",
                "UPDATE stok SET note = upper(note) WHERE id = 9 ==> CHANGED (id=9) note: 'barang 9' <> 'BARANG 9'",
                "UPDATE stok SET note = 'barang ' || (19 - id) WHERE id IN (9, 10)"
                        + " ==> CHANGED (id=9) note: 'barang 9' <> 'barang 10'; CHANGED (id=10) note: 'barang 10' <> 'barang 9'",
                "UPDATE sales.wide SET \"C 147\" = 1.5 WHERE \"C 0\" = 1"
                        + " ==> CHANGED (id='c4ca4238-a0b9-2382-0dcc-509a6f75849b') C 147: 0.3333333333333333 <> 1.5",
                "UPDATE \"Gudang \"\"2\"\".Größe 表\" SET \"select\" = x'00' WHERE \"Schlüssel\"\"\" = 'k2'"
                        + " ==> CHANGED (Schlüssel\"='k2') select: \\xc81e728d9d4c2f636f067f89cc14862c <> \\x00",
            })
    void isFound(String damage, String expected) throws Exception {
        assertThat(scene.verify().identical()).isTrue();

        scene.damage(damage.replace("sales.wide", "\"sales.wide\""));

        assertThat(differences()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "t, '', NULL",
                "t, NULL, ''",
                "t, 'N', '\\N'",
                "f, '-0', 0.0",
                "f, 0, '-0'",
                "f, 'NaN', NULL",
                "f, 'Infinity', '-Infinity'",
                "f, 0.1, 0.10000000000000002",
                "r, 1.5, 1.25",
                "num, 1.0, '1.00'",
                "num, 100, '1e2'",
                "c, 'ab', 'ab'",
                "d, '\\x', NULL",
                "d, '\\x00', x'0000'",
                "b, true, 0",
                "b, false, NULL",
                "i, 9223372036854775807, 9223372036854775806",
                "j, '{\"a\":1}', '{\"a\":1}'",
                "ts, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00.0+00'",
                "a, '{}', '{NULL}'",
            })
    void isFoundInAValue(String column, String inSource, String inBackup) throws Exception {
        scene.database.execute("UPDATE nilai SET " + column + " = " + inSource + " WHERE k = 'edge'");
        assertThat(scene.verify().identical()).isTrue();

        scene.damage("UPDATE nilai SET " + column + " = " + inBackup + " WHERE k = 'edge'");

        assertThat(differences())
                .startsWith("CHANGED (k='edge', n=0) " + column + ": ")
                .doesNotContain(";");
    }

    private String differences() throws Exception {
        VerifyReport report = scene.verify();
        assertThat(report.identical()).isFalse();
        List<TableResult> different = report.problems().stream()
                .filter(r -> r.verdict() == Verdict.DIFFERENT)
                .toList();
        assertThat(different).hasSize(1);
        return different.get(0).differences().stream()
                .map(PlantedDifferencesIT::show)
                .collect(Collectors.joining("; "));
    }

    private static String show(RowDifference difference) {
        String key = difference.key().stream().map(PlantedDifferencesIT::show).collect(Collectors.joining(", "));
        String columns =
                difference.columns().stream().map(PlantedDifferencesIT::show).collect(Collectors.joining(", "));
        return difference.kind() + " (" + key + ")" + (columns.isEmpty() ? "" : " " + columns);
    }

    private static String show(KeyValue value) {
        return value.column() + "=" + value.value();
    }

    private static String show(ColumnDifference column) {
        return column.column() + ": " + column.source() + " <> " + column.backup();
    }
}
