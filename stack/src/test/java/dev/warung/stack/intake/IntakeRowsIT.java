package dev.warung.stack.intake;

import static dev.warung.stack.intake.Shop.nota;
import static dev.warung.stack.intake.Till.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.intake.rows.PassingException;
import dev.warung.intake.rows.PostgresIntake;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of uploads in PostgreSQL: one database, one case after the other. */
class IntakeRowsIT {

    @RegisterExtension
    static final ShopFixture FIXTURE = new ShopFixture();

    private static final long LOCAL = WritableTable.LOCAL_IDS_FROM;

    private final Shop shop = FIXTURE.empty();
    private final Till one = shop.till("toko-1", 1);
    private final Till two = shop.till("toko-2", 1);
    private final Till other = shop.till("lain", 2);

    @Test
    void anUploadThatComesAgainChangesNothing() {
        RowImage nota = nota("a");
        RowImage stok = row("produk_id", 1, "outlet_id", 1, "jumlah", "5.000");
        one.insert("nota", nota);
        one.insert("stok", stok);
        one.update("stok", stok, stok.with("jumlah", "3"));
        Upload upload = one.upload(Shop.NOW);

        assertThat(shop.apply(upload).count(OpStatus.APPLIED)).isEqualTo(3);
        Outcome again = shop.apply(upload);

        assertThat(again.repeated()).isEqualTo(3);
        assertThat(again.ops()).isZero();
        assertThat(shop.query("select jumlah from stok")).containsExactly("3.000");
        assertThat(shop.query("select isi, panjang from nota")).containsExactly("a|1");
        assertThat(shop.query("select status, count(*) from warung.ledger group by 1"))
                .containsExactly("applied|3");
        assertThat(shop.query("select ops, applied, status from warung.sync_log order by began_at"))
                .containsExactly("3|3|done", "0|0|done");
    }

    @Test
    void anOpWithTheIdOfAnotherIsToldOfAndNotApplied() {
        UploadOp first = one.insert("nota", nota("a"));
        shop.apply(one.upload(Shop.NOW));
        UploadOp copy = one.insert("nota", nota("b"));
        Upload mine = one.upload(Shop.NOW);
        UploadOp forged = new UploadOp(first.id(), copy.table(), copy.kind(), copy.key(), copy.before(), copy.after());
        Upload upload = Upload.whole(
                UUID.randomUUID(),
                mine.sender(),
                mine.sentAtUs(),
                List.of(new UploadGroup(1, mine.groups().get(0).atUs(), List.of(forged))));

        assertThat(shop.apply(upload).messages()).singleElement().asString().contains("two files send as one outlet");
        assertThat(shop.query("select isi from nota")).containsExactly("a");
    }

    @Test
    void whatCannotBeAppliedIsSetAsideWithItsReasonAndTheRestGoesOn() {
        shop.database().execute("insert into nota (id, outlet_id, nomor) values (gen_random_uuid(), 1, 'N-1')");
        RowImage foreign = nota("punya lain").with("outlet_id", 2L);
        shop.database()
                .execute(
                        "insert into nota (id, outlet_id, isi) values ('" + foreign.text("id") + "', 2, 'punya lain')");
        one.insert("nota", nota("kembar").with("nomor", "N-1"));
        one.insert("nota", nota("kurang").with("jumlah", -1L));
        one.insert("nota", nota("nul\0"));
        one.insert("nota", nota("enum").with("keadaan", "hilang"));
        one.insert("nota", nota("panjang").with("meja", "meja enam"));
        one.insert("nota", nota("cabang").with("outlet_id", 2L));
        one.update("nota", foreign, foreign.with("isi", "dicuri"));
        one.insert("nota", nota("b".repeat(3 << 20)));
        one.insert("nota", nota("kolom").with("rahasia", "x"));
        one.insert("nota", nota("angka").with("biaya", "banyak"));
        one.insert("item", row("id", LOCAL + 9, "transaksi_id", 77, "qty", 1, "harga", 1));
        one.insert("gaji\0", row("id", 1));
        one.insert("transaksi", row("id", 7, "outlet_id", 1, "total", 1));
        one.at(Instant.ofEpochSecond(Long.MAX_VALUE / 2_000_000)).insert("nota", nota("baik"));

        Outcome outcome = shop.apply(one.upload(Shop.NOW));

        assertThat(shop.query("select isi from nota where isi is not null"))
                .containsExactlyInAnyOrder("punya lain", "baik");
        assertThat(
                        shop.query(
                                "select reason_code, reason from warung.ledger where status = 'failed' order by device_at, ctid"))
                .containsExactly(
                        "duplicate|Another row of nota has the same value already (nota_nomor_key).",
                        "check|A value of nota is not allowed (nota_jumlah_check).",
                        "bad_character|A text of nota holds a character that cannot be stored.",
                        "bad_value|A value of nota has a form that the server does not accept.",
                        "too_long|A text of nota is too long.",
                        "not_yours|This row of nota does not belong to this outlet.",
                        "not_yours|This row of nota does not belong to this outlet.",
                        "too_large|A row of nota is too large.",
                        "unknown_column|The server knows no column rahasia of nota that this outlet may write.",
                        "bad_value|A value of nota has a form that the server does not accept.",
                        "reference|The row that this row of item belongs to is not there (item_transaksi_id_fkey).",
                        "not_writable|Changes of gaji\u2400 are not accepted from this outlet.",
                        "not_assigned|The server gives the number of a new row of transaksi.");
        assertThat(outcome.count(OpStatus.FAILED)).isEqualTo(13);
        assertThat(outcome.count(OpStatus.APPLIED)).isEqualTo(1);
        assertThat(shop.query("select applied, failed, status from warung.sync_log"))
                .containsExactly("1|13|partly");
    }

    @Test
    void idsThatTheServerAssignsAreMappedAlsoInChildrenAndInLaterUploads() {
        RowImage sale = row("id", LOCAL, "outlet_id", 1, "total", 30);
        one.insert("transaksi", sale);
        one.insert("item", row("id", LOCAL, "transaksi_id", LOCAL, "qty", 3, "harga", 10));
        assertThat(shop.apply(one.upload(Shop.NOW)).count(OpStatus.APPLIED)).isEqualTo(2);

        one.insert("item", row("id", LOCAL + 1, "transaksi_id", LOCAL, "qty", 1, "harga", 5));
        one.update("transaksi", sale, sale.with("total", 35L));
        assertThat(shop.apply(one.upload(Shop.NOW)).count(OpStatus.APPLIED)).isEqualTo(2);

        assertThat(
                        shop.query(
                                "select t.total, sum(i.qty * i.harga) from transaksi t join item i on i.transaksi_id = t.id group by 1"))
                .containsExactly("35|35");
        assertThat(shop.query("select table_name, local_id - " + LOCAL
                        + ", server_id < 100 from warung.id_map order by 1, 2"))
                .containsExactly("public.item|0|t", "public.item|1|t", "public.transaksi|0|t");
    }

    @Test
    void whatBelongsTogetherFailsTogether() {
        one.insert("transaksi", row("id", LOCAL, "outlet_id", 1, "total", 30));
        one.insert("item", row("id", LOCAL, "transaksi_id", LOCAL, "qty", 3, "harga", 10));
        one.insert("item", row("id", LOCAL + 1, "transaksi_id", LOCAL, "qty", 0, "harga", 5));
        one.insert("transaksi", row("id", LOCAL + 1, "outlet_id", 1, "total", 7));
        one.insert("item", row("id", LOCAL + 2, "transaksi_id", LOCAL + 1, "qty", 1, "harga", 8));
        one.insert("transaksi", row("id", LOCAL + 2, "outlet_id", 1, "total", 8));
        one.insert("item", row("id", LOCAL + 3, "transaksi_id", LOCAL + 2, "qty", 1, "harga", 8));

        shop.apply(one.upload(Shop.NOW));

        assertThat(shop.query("select total from transaksi")).containsExactly("8");
        assertThat(
                        shop.query(
                                "select reason_code, count(*) from warung.ledger where status = 'failed' group by 1 order by 1"))
                .containsExactly("check|1", "depends|3", "rule|1");
        assertThat(shop.query("select count(*) from warung.id_map")).containsExactly("2");
    }

    @Test
    void aConstraintWhoseCheckWasPutOffFailsItsOwnSetOnly() {
        for (String isi : List.of("a", "b", "a", "c")) {
            one.insert("perkara", row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", isi));
        }

        Outcome outcome = shop.apply(one.upload(Shop.NOW));

        assertThat(outcome.count(OpStatus.FAILED)).isEqualTo(1);
        assertThat(shop.query("select isi from perkara order by 1")).containsExactly("a", "b", "c");
        assertThat(shop.query("select reason_code from warung.ledger where status = 'failed'"))
                .containsExactly("duplicate");
    }

    @Test
    void aRuleThatDoesNotHoldIsSaidInItsOwnWords() {
        RowImage stok = row("produk_id", 1, "outlet_id", 1, "jumlah", "2.000");
        one.insert("stok", stok);
        shop.apply(one.upload(Shop.NOW));
        one.update("stok", stok, stok.with("jumlah", "0"));
        two.update("stok", stok, stok.with("jumlah", "1"));

        shop.apply(one.upload(Shop.NOW));
        shop.apply(two.upload(Shop.NOW));

        assertThat(shop.query("select reason from warung.ledger where outlet_code = 'toko-2'"))
                .containsExactly("Stok tidak cukup");
        assertThat(shop.query("select jumlah from stok")).containsExactly("0.000");
    }

    @Test
    void aRowThatIsLockedForLongIsTriedAgain() throws Exception {
        RowImage stok = row("produk_id", 1, "outlet_id", 1, "jumlah", "5.000");
        one.insert("stok", stok);
        shop.apply(one.upload(Shop.NOW));
        one.update("stok", stok, stok.with("jumlah", "4"));
        Upload upload = one.upload(Shop.NOW);
        try (Connection holder = shop.database().connect();
                PostgresIntake impatient = new PostgresIntake(
                        Shop.options(shop.database(), Duration.ofMillis(50)), InstantSource.system())) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("select * from stok for update");

            assertThatThrownBy(() -> impatient.apply(upload, Till.micros(Shop.NOW), Optional.empty()))
                    .isInstanceOfSatisfying(
                            PassingException.class,
                            e -> assertThat(e.isOutage()).isFalse());
            holder.rollback();

            assertThat(impatient
                            .apply(upload, Till.micros(Shop.NOW), Optional.empty())
                            .count(OpStatus.APPLIED))
                    .isEqualTo(1);
        }
        assertThat(shop.query("select jumlah from stok")).containsExactly("4.000");
    }

    @Test
    void whatADisabledOrUnknownOutletSendsIsKeptForReview() {
        shop.database()
                .execute(
                        "update warung.outlets set enabled = false where code = 'toko-1'",
                        "delete from warung.outlets where code = 'lain'");
        one.insert("nota", nota("a"));
        other.insert("nota", nota("b"));

        shop.apply(one.upload(Shop.NOW));
        shop.apply(other.upload(Shop.NOW));

        assertThat(shop.query("select * from nota")).isEmpty();
        assertThat(shop.query(
                        "select outlet_code, reason_code, content -> 'after' ->> 'isi' from warung.ledger order by 1"))
                .containsExactly("lain|unknown_outlet|b", "toko-1|outlet_disabled|a");
    }
}
