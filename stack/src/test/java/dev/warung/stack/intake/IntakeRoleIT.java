package dev.warung.stack.intake;

import static dev.warung.stack.intake.Shop.nota;
import static dev.warung.stack.intake.Till.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.WritableTable;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.intake.rows.IntakeRole;
import dev.warung.intake.rows.PostgresIntake;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Intake as a role that may do no more than it needs. */
class IntakeRoleIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @Test
    void theRoleIsMadeAndMayDoWhatUploadsNeedAndNothingElse() {
        Database database = POSTGRES.createDatabase();
        try (Shop shop = Shop.open(database)) {
            database.execute("create table rahasia (id int primary key)");
            PostgresUrl administrator = PostgresUrl.parse(database.jdbcUrl());
            PostgresUrl url = administrator.withLogin("intake_role", "it's secret");
            Till till = shop.till("toko-1", 1);
            try (PostgresIntake intake = new PostgresIntake(
                    new PostgresIntake.Options(url, 2 << 20, Duration.ofSeconds(10)),
                    Optional.of(new IntakeRole(administrator, url)),
                    InstantSource.system())) {
                till.insert("nota", nota("a"));
                till.insert("transaksi", row("id", WritableTable.LOCAL_IDS_FROM, "outlet_id", 1, "total", 10));
                till.insert(
                        "item",
                        row(
                                "id",
                                WritableTable.LOCAL_IDS_FROM + 1,
                                "transaksi_id",
                                WritableTable.LOCAL_IDS_FROM,
                                "qty",
                                1,
                                "harga",
                                10));
                assertThat(apply(intake, till).count(OpStatus.APPLIED)).isEqualTo(3);

                RowImage perkara = row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar");
                till.insert("perkara", perkara);
                apply(intake, till);
                database.execute("update perkara set isi = 'server'");
                till.update("perkara", perkara, perkara.with("isi", "kasir"));
                assertThat(apply(intake, till).count(OpStatus.CONFLICT)).isEqualTo(1);
                till.decide(new Decision(
                        UUID.fromString(database.value("select id from warung.conflicts")),
                        Decision.Resolution.CLIENT_WINS,
                        Optional.empty()));
                assertThat(apply(intake, till).count(OpStatus.APPLIED)).isEqualTo(1);

                // A table that becomes writable while it runs.
                database.execute(
                        "create table baru (id serial primary key, outlet_id int, nomor serial)",
                        "update warung.shapes set definition = jsonb_set(jsonb_set(definition, '{tables,9}',"
                                + " '{\"table\":\"public.baru\"}'), '{writable,9}', '\"public.baru\"')",
                        "insert into warung.writes (table_name, definition) values ('public.baru', '{\"assigned\":\"id\"}')");
                till.insert("baru", row("id", WritableTable.LOCAL_IDS_FROM + 2, "outlet_id", 1));
                assertThat(apply(intake, till).count(OpStatus.APPLIED)).isEqualTo(1);
            }
            assertThat(database.value("select has_table_privilege('intake_role', 'rahasia', 'select')"))
                    .isEqualTo("f");
            assertThat(database.value("select has_table_privilege('intake_role', 'warung.shapes', 'update')"))
                    .isEqualTo("f");
            assertThat(database.value("select rolsuper or rolreplication from pg_roles where rolname = 'intake_role'"))
                    .isEqualTo("f");
        }
    }

    private static Outcome apply(PostgresIntake intake, Till till) {
        return intake.apply(till.upload(Shop.NOW), Till.micros(Shop.NOW), Optional.empty());
    }
}
