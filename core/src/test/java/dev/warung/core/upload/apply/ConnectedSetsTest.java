package dev.warung.core.upload.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.TableId;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.UploadOp.Kind;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.WritableTable.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConnectedSetsTest {

    private static final TableId SALE = new TableId("public", "sale");
    private static final TableId ITEM = new TableId("public", "item");

    private final List<UploadOp> ops = new ArrayList<>();

    @Test
    void opsOfOneRowAndRowsThatReferToItStandTogether() {
        insert(SALE, 1, 0);
        insert(SALE, 2, 0);
        insert(ITEM, 10, 1);
        insert(ITEM, 20, 2);
        insert(ITEM, 11, 1);
        insert(ITEM, 30, 3);
        op(Kind.UPDATE, ITEM, 20, 2);

        assertThat(sets(true)).containsExactly("0 2 4", "1 3 6", "5");
    }

    @Test
    void aKeyThatChangesIsADeleteAndAnInsertThatStandTogether() {
        op(Kind.DELETE, SALE, 1, 0);
        insert(SALE, 2, 0);
        op(Kind.DELETE, ITEM, 5, 9);

        assertThat(sets(false)).containsExactly("0 1", "2");
    }

    @Test
    void aDeleteHasNothingToDoWithInsertsThatFollowLater() {
        op(Kind.DELETE, SALE, 1, 0);
        op(Kind.UPDATE, SALE, 4, 0);
        insert(SALE, 2, 0);
        op(Kind.DELETE, SALE, 5, 0);
        insert(ITEM, 6, 9);
        insert(SALE, 3, 0);

        assertThat(sets(false)).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @Test
    void anItemThatMovesJoinsBothSales() {
        insert(SALE, 1, 0);
        insert(SALE, 2, 0);
        ops.add(new UploadOp(
                UUID.randomUUID(), ITEM, Kind.UPDATE, key(7), Optional.of(row(7, 1)), Optional.of(row(7, 2))));

        assertThat(sets(true)).containsExactly("0 1 2");
    }

    /** The places of each set's ops. */
    private List<String> sets(boolean isEachAGroup) {
        List<UploadGroup> groups = new ArrayList<>();
        if (isEachAGroup) {
            ops.forEach(op -> groups.add(new UploadGroup(groups.size() + 1, 0, List.of(op))));
        } else {
            groups.add(new UploadGroup(1, 0, ops));
        }
        return ConnectedSets.of(groups, ConnectedSetsTest::table).stream()
                .map(set -> String.join(
                        " ", set.stream().map(op -> "" + ops.indexOf(op)).toList()))
                .toList();
    }

    private static Optional<WritableTable> table(TableId id) {
        List<Reference> references =
                id.equals(ITEM) ? List.of(new Reference(List.of("sale_id"), SALE, List.of("id"))) : List.of();
        return Optional.of(new WritableTable(id, Optional.empty(), List.of(), List.of(), references));
    }

    private void insert(TableId table, long id, long sale) {
        op(Kind.INSERT, table, id, sale);
    }

    private void op(Kind kind, TableId table, long id, long sale) {
        Optional<RowImage> row = Optional.of(row(id, sale));
        ops.add(new UploadOp(
                UUID.randomUUID(),
                table,
                kind,
                key(id),
                kind == Kind.INSERT ? Optional.empty() : row,
                kind == Kind.DELETE ? Optional.empty() : row));
    }

    private static RowImage key(long id) {
        return new RowImage(Map.of("id", id));
    }

    private static RowImage row(long id, long sale) {
        return key(id).with("sale_id", sale);
    }
}
