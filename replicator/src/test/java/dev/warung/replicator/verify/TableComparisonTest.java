package dev.warung.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.TableId;
import dev.warung.core.schema.Column;
import dev.warung.core.schema.Generated;
import dev.warung.core.schema.TypeMeaning;
import dev.warung.core.value.ValueKind;
import dev.warung.replicator.verify.RowDifference.Kind;
import dev.warung.replicator.verify.TableResult.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableComparisonTest {

    private static final ComparedTable KEYED = table(List.of("id"));
    private static final ComparedTable KEYLESS = table(List.of());

    @Test
    void ignoresTheOrderOfRows() throws Exception {
        List<String> rows = rows(5000);
        List<String> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(7));

        TableResult result = compare(KEYED, rows, shuffled);

        assertThat(result.verdict()).isEqualTo(Verdict.IDENTICAL);
        assertThat(result.source()).isEqualTo(result.backup());
        assertThat(result.source().rows()).isEqualTo(5000);
    }

    @Test
    void findsTwoEmptyTablesIdentical() throws Exception {
        assertThat(compare(KEYED, List.of(), List.of()).verdict()).isEqualTo(Verdict.IDENTICAL);
    }

    @Test
    void namesMissingExtraAndChangedRows() throws Exception {
        List<String> backup = rows(5000);
        backup.set(17, "17\tother");
        backup.remove(4000);
        backup.add("9999\tnew");

        TableResult result = compare(KEYED, rows(5000), backup);

        assertThat(result.verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(result.more()).isFalse();
        assertThat(result.differences())
                .extracting(d -> d.kind() + " " + d.key().get(0).value())
                .containsExactlyInAnyOrder("CHANGED 17", "MISSING_IN_BACKUP 4000", "ONLY_IN_BACKUP 9999");
        assertThat(result.differences())
                .filteredOn(d -> d.kind() == Kind.CHANGED)
                .flatExtracting(RowDifference::columns)
                .containsExactly(new RowDifference.ColumnDifference("name", "'name 17'", "'other'"));
    }

    @Test
    void seesValuesThatTwoRowsSwapped() throws Exception {
        List<String> backup = rows(100);
        backup.set(3, "3\tname 4");
        backup.set(4, "4\tname 3");

        assertThat(compare(KEYED, rows(100), backup).differences()).hasSize(2);
    }

    @Test
    void tellsRowsThatRepeatApart() throws Exception {
        TableResult result = compare(KEYLESS, List.of("1\ta", "1\ta", "2\tb"), List.of("1\ta", "2\tb", "2\tb"));

        assertThat(result.verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(result.source().rows()).isEqualTo(result.backup().rows());
        assertThat(result.differences()).extracting(RowDifference::kind).containsOnly(Kind.REPEATED);
    }

    @Test
    void listsTheFirstTwentyOfManyDifferences() throws Exception {
        TableResult result = compare(KEYED, rows(20_000), List.of());

        assertThat(result.differences()).hasSize(TableComparison.DIFFERENCES_MAX);
        assertThat(result.more()).isTrue();
        assertThat(result.reason())
                .contains("PostgreSQL has 20000 rows, the backup 0")
                .contains("20000 keys differ");
    }

    private static TableResult compare(ComparedTable table, List<String> source, List<String> backup) throws Exception {
        TableComparison.BothSides oneAfterTheOther = (first, second) -> {
            first.scan().each(first.visitor());
            second.scan().each(second.visitor());
        };
        return new TableComparison(table, scan(table, source), scan(table, backup), oneAfterTheOther).compare();
    }

    private static List<String> rows(int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> i + "\tname " + i).toList());
    }

    private static ComparedTable table(List<String> key) {
        return new ComparedTable(
                new TableId("public", "t"),
                "t",
                "t",
                List.of(column(1, "id", ValueKind.INTEGER), column(2, "name", ValueKind.TEXT)),
                List.of("id", "name"),
                key,
                List.of());
    }

    private static Column column(int attnum, String name, ValueKind kind) {
        return new Column(attnum, name, "any", kind, true, Generated.NO, null, TypeMeaning.of("any"));
    }

    private static RowScan scan(ComparedTable table, List<String> rows) {
        CopyText text = new CopyText(table.columns().stream().map(Column::kind).toList());
        return new RowScan() {
            @Override
            public void each(RowVisitor visitor) {
                RowEncoder encoder = table.encoder();
                for (String row : rows) {
                    text.read(row.getBytes(StandardCharsets.UTF_8), encoder);
                    encoder.hashKey();
                    visitor.row(encoder);
                }
            }

            @Override
            public void cancel() {}
        };
    }
}
