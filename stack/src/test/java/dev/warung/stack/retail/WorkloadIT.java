package dev.warung.stack.retail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.runtime.Ending;
import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkloadIT {
    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @Test
    void shopsKeepStockAndMoneyConsistent() throws Exception {
        Database database = POSTGRES.createDatabase();
        try (Connection connection = database.connect()) {
            assertThat(RetailSchema.createIfMissing(connection)).isTrue();
            assertThat(RetailSchema.createIfMissing(connection)).isFalse();
        }

        Workload workload = new Workload(new Workload.Options(database.jdbcUrl(), 300, 4, 7));
        try (workload) {
            workload.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> workload.counts().committed() >= 1_500);
        }

        assertThat(workload.counts().rolledBack()).isPositive();
        assertThat(workload.counts().failed()).isLessThan(50);
        assertThat(database.query("select * from selisih_stok")).isEmpty();
        assertThat(database.query("select t.id from transaksi t left join pembayaran p on p.transaksi_id = t.id"
                        + " group by t.id having coalesce(sum(p.jumlah), 0)"
                        + " <> case t.status when 'dibayar' then t.total else 0 end"))
                .isEmpty();
        assertThat(database.query("select t.id from transaksi t join transaksi_item i on i.transaksi_id = t.id"
                        + " where t.status <> 'draf' group by t.id having sum(i.subtotal) <> t.total"))
                .isEmpty();
        assertThat(database.value("select count(*) from penjualan_harian")).isNotEqualTo("0");
    }

    @Test
    void everyActivityWorksOnAFreshShop() throws Exception {
        Database database = POSTGRES.createDatabase();
        Random random = new Random(1);
        try (Connection connection = database.connect()) {
            RetailSchema.createIfMissing(connection);
            for (int i = 0; i < 200; i++) {
                Activities.pick(random).perform(connection, random);
            }
            NightlyImport.run(connection, random);
            Migration.run(connection, random);
            Migration.run(connection, random);
        }

        assertThat(database.value("select count(*) from gudang.harga_pemasok")).isEqualTo("2000");
        assertThat(database.value("select count(*) > 0 from produk where merek = 'Cap Gajah'"))
                .isEqualTo("t");
    }

    @Test
    void commandMakesTheTablesSellsAsLongAsItIsToldAndIsContinued() {
        Database database = POSTGRES.createDatabase();

        assertThat(command("--postgres-url", database.jdbcUrl(), "--for", "3s", "--rate", "100"))
                .isZero();
        long sold = Long.parseLong(database.value("select count(*) from transaksi"));
        assertThat(sold).isPositive();
        assertThat(command("--postgres-url", database.jdbcUrl(), "--for", "3s", "--rate", "100", "--seed", "2"))
                .isZero();
        assertThat(Long.parseLong(database.value("select count(*) from transaksi")))
                .isGreaterThan(sold);
    }

    @Test
    void commandWithoutADatabaseIsRefused() {
        assertThat(command("--rate", "100")).isEqualTo(2);
        assertThat(command("--postgres-url", "postgresql://nobody@127.0.0.1:1/toko"))
                .isEqualTo(2);
    }

    private static int command(String... arguments) {
        return Ending.run(Duration.ofSeconds(10), ending -> WorkloadMain.run(List.of(arguments), Map.of(), ending));
    }
}
