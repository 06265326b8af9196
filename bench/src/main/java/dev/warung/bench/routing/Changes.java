package dev.warung.bench.routing;

import dev.warung.core.schema.TableSchema;
import dev.warung.core.wire.RowCodec;
import dev.warung.core.wire.RowCodec.DecodedRow;
import dev.warung.core.wire.RowOp;
import dev.warung.core.wire.Source;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Changes as they stand in a table's topic: of eight, five update a row in place, one moves it to another place, one inserts, one deletes.
 */
final class Changes {

    /** Enough that the instances of a large case do not stay in the processor's caches. */
    static final int COUNT = 1 << 14;

    private static final Source SOURCE = new Source("bench", 1_767_323_045_678L, 812, 23_803_720);

    private final TableSchema table;
    private final byte[][] envelopes = new byte[COUNT][];
    private final DecodedRow[] decoded = new DecodedRow[COUNT];

    /**
     * @param row gives a row by its number, in texts
     * @param note a column whose value may change at will
     * @param place the column whose value says to which instance a row belongs
     * @param target where a row moves to
     */
    Changes(TableSchema table, IntFunction<String[]> row, int note, int place, IntFunction<String> target) {
        this.table = table;
        RowCodec codec = RowCodec.of(table);
        for (int i = 0; i < COUNT; i++) {
            String[] old = row.apply(i);
            String[] young = old.clone();
            young[note] = row.apply(i + 1)[note];
            if (isMove(i)) {
                young[place] = target.apply(i);
            }
            @Nullable String @Nullable [] before = i % 8 == 6 ? null : old;
            @Nullable String @Nullable [] after = i % 8 == 7 ? null : young;
            RowOp op = before == null ? RowOp.CREATE : after == null ? RowOp.DELETE : RowOp.UPDATE;
            envelopes[i] = codec.encodeValue(op, before, after, SOURCE, 1_767_323_045_700L);
            decoded[i] = codec.decodeValue(envelopes[i]);
        }
    }

    /** Whether a change takes a row from one place to another. */
    static boolean isMove(int i) {
        return i % 8 == 5;
    }

    TableSchema table() {
        return table;
    }

    byte[] envelope(int i) {
        return envelopes[i];
    }

    DecodedRow decoded(int i) {
        return decoded[i];
    }
}
