package dev.warung.core.upload.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadOp.Kind;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WriteDefinition;
import dev.warung.core.upload.WritePolicy;
import dev.warung.core.upload.WritePolicy.Conflict;
import dev.warung.core.upload.WritePolicy.Delete;
import dev.warung.core.upload.apply.Verdict.Dispute;
import dev.warung.core.upload.apply.Verdict.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteDecisionTest {

    private static final TableId NOTA = new TableId("public", "nota");
    private static final RowImage BASE =
            row("id", 1L, "isi", "dasar", "meja", "m1", "stok", 10L, "harga", "9.50", "waktu", "t0");
    private static final RowImage GONE = RowImage.EMPTY;

    private Conflict conflict = Conflict.NEWEST_WINS;
    private Delete delete = Delete.DELETE_WINS;
    private boolean isWholeRow;
    private boolean isNewer;

    @Test
    void aColumnThatNobodyElseChangedIsWritten() {
        Verdict verdict = update(BASE.with("isi", "a"), BASE);

        assertThat(verdict).isEqualTo(new Verdict(Effect.UPDATE, row("isi", "a"), OpStatus.APPLIED, Optional.empty()));
    }

    @Test
    void changesOfDifferentColumnsMergeUnlessTheRowIsTakenAsAWhole() {
        RowImage server = BASE.with("meja", "m2");

        assertThat(update(BASE.with("isi", "a"), server))
                .isEqualTo(new Verdict(Effect.UPDATE, row("isi", "a"), OpStatus.MERGED, Optional.empty()));
        isWholeRow = true;
        assertThat(update(BASE.with("isi", "a"), server).status()).isEqualTo(OpStatus.SUPERSEDED);
        isNewer = true;
        assertThat(update(BASE.with("isi", "a"), server).row())
                .isEqualTo(row("isi", "a", "meja", "m1", "harga", "9.50"));
    }

    @Test
    void theSameChangeOnBothSidesIsNoConflict() {
        conflict = Conflict.MANUAL;

        assertThat(update(BASE.with("isi", "a"), BASE.with("isi", "a")))
                .isEqualTo(new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.APPLIED, Optional.empty()));
    }

    @Test
    void theSameColumnIsDecidedByThePolicyAndOthersAreMerged() {
        RowImage client = BASE.with("isi", "a").with("harga", "8.00");
        RowImage server = BASE.with("isi", "b");

        assertThat(update(client, server))
                .isEqualTo(new Verdict(
                        Effect.UPDATE, row("harga", "8.00"), OpStatus.MERGED, Optional.of(Dispute.SERVER_WINS)));
        isNewer = true;
        assertThat(update(client, server))
                .isEqualTo(new Verdict(
                        Effect.UPDATE,
                        row("harga", "8.00", "isi", "a"),
                        OpStatus.APPLIED,
                        Optional.of(Dispute.CLIENT_WINS)));
        conflict = Conflict.SERVER_WINS;
        assertThat(update(BASE.with("isi", "a"), server))
                .isEqualTo(new Verdict(
                        Effect.NONE, RowImage.EMPTY, OpStatus.SUPERSEDED, Optional.of(Dispute.SERVER_WINS)));
        conflict = Conflict.CLIENT_WINS;
        isNewer = false;
        assertThat(update(client, server).row()).isEqualTo(row("harga", "8.00", "isi", "a"));
        conflict = Conflict.MANUAL;
        assertThat(update(client, server))
                .isEqualTo(new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.CONFLICT, Optional.of(Dispute.OPEN)));
    }

    @Test
    void numbersThatAddUpNeverConflict() {
        conflict = Conflict.MANUAL;

        assertThat(update(BASE.with("stok", 7L), BASE.with("stok", 4L)).row()).isEqualTo(row("stok", "1"));
        assertThat(update(BASE.with("stok", 7L), BASE.with("stok", null)).row()).isEqualTo(row("stok", "-3"));
    }

    @Test
    void theTimeOfAChangeIsNoChange() {
        conflict = Conflict.MANUAL;

        assertThat(update(
                        BASE.with("isi", "a").with("waktu", "t1"),
                        BASE.with("waktu", "t2").with("meja", "x")))
                .isEqualTo(new Verdict(Effect.UPDATE, row("isi", "a"), OpStatus.MERGED, Optional.empty()));
    }

    @Test
    void anInsertThatIsThereAlreadyChangesNothingAndOneThatDiffersIsDecided() {
        assertThat(decide(Kind.INSERT, GONE, BASE, GONE))
                .isEqualTo(new Verdict(Effect.INSERT, BASE, OpStatus.APPLIED, Optional.empty()));
        assertThat(decide(Kind.INSERT, GONE, BASE.with("stok", 0L), BASE.with("waktu", "t9"))
                        .effect())
                .isEqualTo(Effect.UPDATE);
        conflict = Conflict.MANUAL;
        assertThat(decide(Kind.INSERT, GONE, BASE, BASE.with("isi", "b")).status())
                .isEqualTo(OpStatus.CONFLICT);
    }

    @Test
    void aDeleteAgainstAChangeIsDecidedByItsOwnPolicy() {
        assertThat(decide(Kind.DELETE, BASE, GONE, BASE))
                .isEqualTo(new Verdict(Effect.DELETE, RowImage.EMPTY, OpStatus.APPLIED, Optional.empty()));
        assertThat(decide(Kind.DELETE, BASE, GONE, GONE))
                .isEqualTo(new Verdict(Effect.NONE, RowImage.EMPTY, OpStatus.APPLIED, Optional.empty()));
        assertThat(decide(Kind.DELETE, BASE, GONE, BASE.with("isi", "b")).effect())
                .isEqualTo(Effect.DELETE);
        assertThat(update(BASE.with("isi", "a"), GONE).status()).isEqualTo(OpStatus.SUPERSEDED);
        delete = Delete.UPDATE_WINS;
        assertThat(decide(Kind.DELETE, BASE, GONE, BASE.with("isi", "b")).status())
                .isEqualTo(OpStatus.SUPERSEDED);
        assertThat(update(BASE.with("isi", "a"), GONE).effect()).isEqualTo(Effect.INSERT);
        delete = Delete.MANUAL;
        assertThat(decide(Kind.DELETE, BASE, GONE, BASE.with("isi", "b")).status())
                .isEqualTo(OpStatus.CONFLICT);
        assertThat(update(BASE.with("isi", "a"), GONE).status()).isEqualTo(OpStatus.CONFLICT);
    }

    @Test
    void aDeviceThatIsAheadIsTakenBackAndNothingIsLaterThanItsArrival() {
        long second = 1_000_000;

        assertThat(EffectiveTime.of(600 * second, 660 * second, 661 * second))
                .isEqualTo(new EffectiveTime(600 * second, false));
        assertThat(EffectiveTime.of(9_600 * second, 9_660 * second, 660 * second))
                .isEqualTo(new EffectiveTime(600 * second, true));
        assertThat(EffectiveTime.of(9_600 * second, 660 * second, 660 * second))
                .isEqualTo(new EffectiveTime(660 * second, true));
    }

    private Verdict update(RowImage after, RowImage current) {
        return decide(Kind.UPDATE, BASE, after, current);
    }

    private Verdict decide(Kind kind, RowImage before, RowImage after, RowImage current) {
        UploadOp op = new UploadOp(UUID.randomUUID(), NOTA, kind, row("id", 1L), some(before), some(after));
        WriteDefinition definition = new WriteDefinition(
                new WritableTable(NOTA, Optional.empty(), List.of(), List.of("stok"), List.of()),
                new WritePolicy(conflict, delete, isWholeRow, Optional.of("waktu"), List.of()));
        return new WriteDecision(definition, () -> isNewer).of(op, some(current));
    }

    private static Optional<RowImage> some(RowImage row) {
        return row.columns().isEmpty() ? Optional.empty() : Optional.of(row);
    }

    private static RowImage row(@Nullable Object... pairs) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return new RowImage(values);
    }
}
