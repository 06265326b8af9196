package dev.warung.stack.intake;

import static dev.warung.stack.intake.Shop.nota;
import static dev.warung.stack.intake.Till.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.intake.rows.ConflictDesk;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of rows that several sides change: one database, one case after the other. */
class IntakeConflictsIT {

    @RegisterExtension
    static final ShopFixture FIXTURE = new ShopFixture();

    private final Shop shop = FIXTURE.empty();
    private final Till one = shop.till("toko-1", 1);
    private final Till two = shop.till("toko-2", 1);

    @Test
    void valuesThatADeviceSpellsOtherwiseAreNoChangesOfSomebodyElse() {
        RowImage nota = nota("a").with("biaya", "12.5").with("id", "0193AAAA-0000-7000-8000-00000000000F");
        one.insert("nota", nota);
        one.update("nota", nota, nota.with("biaya", "13").with("isi", "b"));
        one.update(
                "nota",
                nota.with("biaya", "13").with("isi", "b"),
                nota.with("biaya", "14.25").with("isi", "c"));
        one.delete("nota", nota.with("biaya", "14.25").with("isi", "c"));
        one.insert("nota", nota.with("biaya", "1e1"));

        assertThat(shop.apply(one.upload(Shop.NOW)).count(OpStatus.APPLIED)).isEqualTo(5);

        assertThat(shop.query("select biaya from nota")).containsExactly("10.00");
        assertThat(shop.query("select * from warung.conflicts")).isEmpty();
    }

    @Test
    void changesOfDifferentColumnsAreMergedAndDeltasAddUp() {
        RowImage nota = nota("a");
        RowImage stok = row("produk_id", 1, "outlet_id", 1, "jumlah", "10.000");
        one.insert("nota", nota);
        one.insert("stok", stok);
        shop.apply(one.upload(Shop.NOW));
        one.update("nota", nota, nota.with("isi", "satu"));
        one.update("stok", stok, stok.with("jumlah", "7"));
        two.update("nota", nota, nota.with("meja", "m2"));
        two.update("stok", stok, stok.with("jumlah", "8.5"));

        assertThat(shop.apply(one.upload(Shop.NOW)).count(OpStatus.APPLIED)).isEqualTo(2);
        assertThat(shop.apply(two.upload(Shop.NOW)).count(OpStatus.MERGED)).isEqualTo(1);

        assertThat(shop.query("select isi, meja from nota")).containsExactly("satu|m2");
        assertThat(shop.query("select jumlah from stok")).containsExactly("5.500");
        assertThat(shop.query("select * from warung.conflicts")).isEmpty();
    }

    @Test
    void theNewerOfTwoChangesWinsInWhateverOrderTheyArrive() {
        for (String table : List.of("catatan", "nota")) {
            RowImage base = table.equals("nota")
                    ? nota("dasar")
                    : row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar", "diperbarui", null);
            one.at(Shop.TEN.minusSeconds(600)).insert(table, base);
            shop.apply(one.upload(Shop.NOW));
            RowImage seen = table.equals("nota")
                    ? base
                    : base.with("diperbarui", shop.database().value("select diperbarui from catatan"));
            one.at(Shop.TEN).update(table, seen, seen.with("isi", "jam 10:00"));
            two.at(Shop.TEN.plusSeconds(60)).update(table, seen, seen.with("isi", "jam 10:01"));

            shop.apply(two.upload(Shop.NOW));
            Outcome late = shop.apply(one.upload(Shop.NOW));

            assertThat(late.count(OpStatus.SUPERSEDED)).as(table).isEqualTo(1);
            assertThat(shop.query("select isi from " + table)).containsExactly("jam 10:01");
        }
        assertThat(
                        shop.query(
                                "select state, resolution, resolved_by, client ->> 'isi', server ->> 'isi' from warung.conflicts"))
                .containsExactly(
                        "resolved|server_wins|policy|jam 10:00|jam 10:01",
                        "resolved|server_wins|policy|jam 10:00|jam 10:01");
        assertThat(shop.query("select content -> 'after' ->> 'isi' from warung.ledger where status = 'superseded'"))
                .containsOnly("jam 10:00");
    }

    @Test
    void aClockThatIsYearsAheadGainsNothing() {
        RowImage base = row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar", "diperbarui", null);
        one.insert("catatan", base);
        shop.apply(one.upload(Shop.TEN));
        RowImage seen = base.with("diperbarui", shop.database().value("select diperbarui from catatan"));
        Instant ahead = Shop.TEN.plus(3652, ChronoUnit.DAYS);
        // Written at 10:00:30 and sent at 10:04, by a clock that is ten years ahead.
        two.at(ahead.plusSeconds(30)).update("catatan", seen, seen.with("isi", "masa depan"));
        one.at(Shop.TEN.plusSeconds(60)).update("catatan", seen, seen.with("isi", "jam 10:01"));

        shop.apply(one.upload(Shop.NOW), Shop.NOW);
        shop.apply(two.upload(ahead.plusSeconds(240)), Shop.TEN.plusSeconds(240));

        assertThat(shop.query("select isi, diperbarui from catatan"))
                .containsExactly("jam 10:01|2026-11-21 10:01:00+00");
        assertThat(shop.query("select clock_suspect, effective_at from warung.ledger where outlet_code = 'toko-2'"))
                .containsExactly("t|2026-11-21 10:00:30+00");
    }

    @Test
    void aTableOfWhichPeopleDecideKeepsTheServersRowUntilThen() {
        RowImage base = row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar");
        one.insert("perkara", base);
        shop.apply(one.upload(Shop.NOW));
        one.update("perkara", base, base.with("isi", "satu"));
        two.update("perkara", base, base.with("isi", "dua"));

        shop.apply(one.upload(Shop.NOW));
        Outcome second = shop.apply(two.upload(Shop.NOW));

        assertThat(second.count(OpStatus.CONFLICT)).isEqualTo(1);
        assertThat(shop.query("select isi from perkara")).containsExactly("satu");
        assertThat(
                        shop.query(
                                "select state, policy, base ->> 'isi', client ->> 'isi', server ->> 'isi', resolved_at from warung.conflicts"))
                .containsExactly("open|manual|dasar|dua|satu|null");
    }

    @Test
    void whatSomebodyDecidesBecomesTheRow() {
        RowImage base = row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar");
        one.insert("perkara", base);
        shop.apply(one.upload(Shop.NOW));
        for (String text : List.of("pertama", "kedua", "ketiga")) {
            shop.database().execute("update perkara set isi = 'server'");
            two.update("perkara", base, base.with("isi", text));
            shop.apply(two.upload(Shop.NOW));
        }

        try (ConflictDesk desk =
                ConflictDesk.open(PostgresUrl.parse(shop.database().jdbcUrl()))) {
            List<ConflictDesk.Entry> open = desk.list(ConflictDesk.Filter.of(Optional.of("toko-2"), false, 10));
            assertThat(open)
                    .extracting(e -> e.client().map(c -> c.text("isi")))
                    .containsExactly(Optional.of("ketiga"), Optional.of("kedua"), Optional.of("pertama"));

            desk.resolve(open.get(0).id(), new ConflictDesk.Choice.Server(), "ani");
            assertThat(shop.database().value("select isi from perkara")).isEqualTo("server");
            desk.resolve(open.get(1).id(), new ConflictDesk.Choice.Client(), "ani");
            assertThat(shop.database().value("select isi from perkara")).isEqualTo("kedua");
            desk.resolve(open.get(2).id(), new ConflictDesk.Choice.Merged(row("isi", "bersama")), "ani");
            assertThat(shop.database().value("select isi from perkara")).isEqualTo("bersama");

            assertThatThrownBy(() -> desk.resolve(open.get(0).id(), new ConflictDesk.Choice.Client(), "budi"))
                    .hasMessageContaining("resolved already, by ani");
            assertThat(desk.list(ConflictDesk.Filter.of(Optional.empty(), false, 10)))
                    .isEmpty();
        }
        assertThat(shop.query(
                        "select resolution, result ->> 'isi', resolved_by from warung.conflicts order by resolved_at"))
                .containsExactly("server_wins|server|ani", "client_wins|kedua|ani", "merged|bersama|ani");
    }

    @Test
    void deletesFollowTheTablesPolicy() {
        RowImage nota = nota("a");
        RowImage perkara = row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar");
        one.insert("nota", nota);
        one.insert("perkara", perkara);
        shop.apply(one.upload(Shop.NOW));
        one.update("nota", nota, nota.with("isi", "b"));
        one.delete("perkara", perkara);
        two.delete("nota", nota);
        two.update("perkara", perkara, perkara.with("isi", "b"));

        shop.apply(one.upload(Shop.NOW));
        Outcome second = shop.apply(two.upload(Shop.NOW));

        assertThat(shop.query("select * from nota")).isEmpty();
        assertThat(second.count(OpStatus.APPLIED)).isEqualTo(1);
        assertThat(second.count(OpStatus.CONFLICT)).isEqualTo(1);
        assertThat(shop.query("select table_name, state, server ->> 'isi' from warung.conflicts order by 1"))
                .containsExactly("public.nota|resolved|b", "public.perkara|open|null");
    }
}
