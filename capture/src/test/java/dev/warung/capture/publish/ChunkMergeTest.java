package dev.warung.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkMergeTest {

    private static final List<@Nullable String[]> ROWS =
            List.of(new String[] {"1"}, new String[] {"2"}, new String[] {"3"});

    private final ChunkMerge merge = new ChunkMerge(100);

    @Test
    void aRowThatAnUnseenTransactionTouchedIsLeftOut() {
        merge.touch(103, "2");

        assertThat(keys("100:105:103")).containsExactly("1", "3");
    }

    @Test
    void aRowThatASeenTransactionTouchedIsTaken() {
        merge.touch(102, "2");

        assertThat(keys("100:105:103")).containsExactly("1", "2", "3");
    }

    @Test
    void whatOneChunkHasSeenTheNextHasSeenToo() {
        merge.touch(103, "2");
        keys("100:105:103");

        assertThat(keys("110:110:")).containsExactly("1", "2", "3");
    }

    @Test
    void aTruncateByAnUnseenTransactionMeansReadingAgain() {
        merge.truncate(103);

        assertThat(merge.rows(SnapshotText.parse("100:105:103"), ROWS, ChunkMergeTest::key))
                .isEmpty();
        assertThat(keys("104:105:")).hasSize(3);
    }

    @Test
    void tooManyTouchedKeysMeanReadingAgain() {
        for (int i = 0; i <= 100; i++) {
            merge.touch(103, "k" + i);
        }

        assertThat(merge.rows(SnapshotText.parse("100:105:103"), ROWS, ChunkMergeTest::key))
                .isEmpty();
    }

    private List<String> keys(String snapshot) {
        Optional<List<@Nullable String[]>> rows = merge.rows(SnapshotText.parse(snapshot), ROWS, ChunkMergeTest::key);
        return rows.orElseThrow().stream().map(ChunkMergeTest::key).toList();
    }

    private static String key(@Nullable String[] row) {
        return String.valueOf(row[0]);
    }
}
