package dev.warung.stack.intake;

import static dev.warung.stack.intake.Shop.nota;
import static dev.warung.stack.intake.Till.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.apply.OpStatus;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What intake does with uploads of copied files. */
@SuppressWarnings("NullAway.Init") // made before each test
class IntakeCopiesIT {

    @RegisterExtension
    static final ShopFixture SHOP = new ShopFixture();

    private static final long LOCAL = WritableTable.LOCAL_IDS_FROM;
    private static final UUID FILE = UUID.randomUUID();

    private Shop shop;
    private Till one;

    @BeforeEach
    void clear() {
        shop = SHOP.empty();
        one = shop.till("toko-1", 1);
    }

    @Test
    void aFileMayBeginSessionsAsOftenAsItLikesAlsoWhenTheServerHasNotSeenAll() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        UUID third = UUID.randomUUID();
        assertThat(send("a", first)).isEqualTo(1);
        assertThat(send("b", first)).isEqualTo(1);
        assertThat(send("c", third, first, second)).isEqualTo(1);

        assertThat(shop.query("select nonce from warung.outlet_sessions")).containsExactly(third.toString());
        assertThat(shop.query("select count(*) from warung.outlet_copies")).containsExactly("0");
    }

    @Test
    void ofTwoCopiesTheSecondIsFoundAndNothingOfItIsApplied() {
        UUID common = UUID.randomUUID();
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        send("a", common);
        send("b", first, common);
        one.insert("nota", nota("c"));
        Upload refused =
                one.from(new FileIdentity(FILE, second, List.of(common))).upload(Shop.NOW);

        assertThat(shop.apply(refused).isCopy()).isTrue();
        assertThat(shop.apply(refused).messages()).isEmpty();
        assertThat(shop.query("select isi from nota order by 1")).containsExactly("a", "b");
        assertThat(shop.query("select nonce from warung.outlet_copies")).containsExactly(second.toString());
        assertThat(shop.query("select count(*) from warung.ledger")).containsExactly("2");
        assertThat(shop.query("select count(*) from warung.sync_log where status = 'copy'"))
                .containsExactly("1");

        Upload again = new Upload(
                UUID.randomUUID(),
                one.from(new FileIdentity(UUID.randomUUID(), UUID.randomUUID(), List.of()))
                        .upload(Shop.NOW)
                        .sender(),
                1,
                1,
                refused.sentAtUs(),
                refused.groups());
        assertThat(shop.apply(again).count(OpStatus.APPLIED)).isEqualTo(1);
    }

    @Test
    void whatWasCopiedIsFoundTooWhenTheCopyWasFaster() {
        UUID original = UUID.randomUUID();
        send("a", original);
        send("b", UUID.randomUUID(), original);

        assertThat(send("c", original)).isZero();
        assertThat(shop.query("select isi from nota order by 1")).containsExactly("a", "b");
    }

    @Test
    void aCopyIsFoundByAnUploadWithoutWrites() {
        UUID old = UUID.randomUUID();
        send("a", old);
        send("b", UUID.randomUUID(), old);
        Upload hello = one.from(new FileIdentity(FILE, UUID.randomUUID(), List.of(old)))
                .upload(Shop.NOW);

        assertThat(shop.apply(hello).isCopy()).isTrue();
        assertThat(shop.query("select count(*) from warung.outlet_copies")).containsExactly("1");
    }

    @Test
    void aLocalIdThatTwoFilesHaveUsedHitsNoRowOfTheOther() {
        RowImage mine = row("id", LOCAL, "outlet_id", 1, "total", 30);
        UploadOp sale = one.insert("transaksi", mine);
        one.insert("item", row("id", LOCAL, "transaksi_id", LOCAL, "qty", 3, "harga", 10));
        assertThat(shop.apply(one.upload(Shop.NOW)).count(OpStatus.APPLIED)).isEqualTo(2);

        UploadOp other = one.insert("transaksi", mine.with("total", 8L));
        one.insert("item", row("id", LOCAL + 1, "transaksi_id", LOCAL, "qty", 1, "harga", 8));
        shop.apply(one.upload(Shop.NOW));
        sendWithMaker(row("id", LOCAL + 2, "transaksi_id", LOCAL, "qty", 1, "harga", 8), other.id());
        assertThat(shop.query("select reason_code, reason like 'A copy of this outlet%' from warung.ledger"
                        + " where status = 'failed' order by received_at"))
                .containsExactly("local_id_used|t", "depends|f", "local_id_used|t");
        assertThat(shop.query("select total, (select sum(qty * harga) from item) from transaksi"))
                .containsExactly("30|30");

        sendWithMaker(row("id", LOCAL + 3, "transaksi_id", LOCAL, "qty", 1, "harga", 5), sale.id());
        assertThat(shop.query("select status from warung.ledger order by received_at desc limit 1"))
                .containsExactly("applied");
    }

    private void sendWithMaker(RowImage item, UUID maker) {
        UploadOp op = one.insert("item", item).withMakers(Map.of("transaksi_id", maker));
        Upload upload = one.upload(Shop.NOW);
        shop.apply(Upload.whole(
                upload.id(), upload.sender(), upload.sentAtUs(), List.of(new UploadGroup(9, 0, List.of(op)))));
    }

    @Test
    void whatADisabledOutletSendsIsKeptWhicheverFileSentIt() {
        UUID old = UUID.randomUUID();
        send("a", old);
        send("b", UUID.randomUUID(), old);
        shop.database().execute("update warung.outlets set enabled = false");

        send("c", UUID.randomUUID(), old);
        assertThat(shop.query("select reason_code, content -> 'after' ->> 'isi' from warung.ledger"
                        + " where status = 'failed'"))
                .containsExactly("outlet_disabled|c");
    }

    /** @return how many writes were applied */
    private int send(String text, UUID nonce, UUID... follows) {
        one.insert("nota", nota(text));
        return shop.apply(one.from(new FileIdentity(FILE, nonce, List.of(follows)))
                        .upload(Shop.NOW))
                .count(OpStatus.APPLIED);
    }
}
