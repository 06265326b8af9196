package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a file says it is, and what it does when the server says that it is a copy. */
class CopiedFileTest {

    @TempDir
    Path directory;

    private WritesFixture outlet;

    @BeforeEach
    void open() throws SQLException {
        outlet = WritesFixture.create(directory.resolve("outlet.db"));
    }

    @AfterEach
    void close() throws SQLException {
        outlet.close();
    }

    @Test
    void eachSessionHasANonceOfItsOwnAndNamesThoseThatHaveNoAnswer() {
        FileIdentity first = outlet.outbox().beginSession().file();
        FileIdentity second = outlet.outbox().beginSession().file();
        outlet.restart();
        Outbox.Session third = outlet.outbox().beginSession();

        assertThat(third.number()).isEqualTo(3);
        assertThat(third.file().file()).isEqualTo(first.file());
        assertThat(third.file().follows()).containsExactly(first.nonce(), second.nonce());

        note(second);
        assertThat(outlet.outbox().isCopy()).isFalse();
        assertThat(outlet.outbox().beginSession().file().follows())
                .containsExactly(second.nonce(), third.file().nonce());
    }

    @Test
    void anOutletThatNeverHearsAnAnswerNamesNoMoreThanTheServerTakes() {
        for (int i = 0; i < 100; i++) {
            outlet.outbox().beginSession();
        }
        assertThat(outlet.outbox().beginSession().file().follows()).hasSize(FileIdentity.FOLLOWS_MAX);
    }

    @Test
    void aCopyBecomesAFileOfItsOwnAndSendsAgainWhatHasNoAnswer() {
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('a')");
        FileIdentity before = outlet.outbox().beginSession().file();
        List<UploadOp> ops = outlet.capture();
        outlet.send();
        find(before);

        assertThat(outlet.outbox().isCopy()).isTrue();
        outlet.outbox().becomeAnother();
        outlet.restart();
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('b')");

        FileIdentity after = outlet.outbox().beginSession().file();
        assertThat(outlet.outbox().isCopy()).isFalse();
        assertThat(after.file()).isNotEqualTo(before.file());
        assertThat(after.follows()).isEmpty();
        assertThat(outlet.replica().record().orElseThrow().generation()).isZero();
        outlet.capture();
        assertThat(outlet.send().stream().flatMap(group -> group.ops().stream()))
                .hasSize(2)
                .containsAll(ops);
    }

    @Test
    void anUploadThatCameTooLateMakesNoCopy() {
        FileIdentity first = outlet.outbox().beginSession().file();
        FileIdentity second = outlet.outbox().beginSession().file();
        note(second);
        find(first);

        assertThat(outlet.outbox().isCopy()).isFalse();
    }

    @Test
    void newRowsGetIdsFromAnotherBlockAfterEachStart() {
        Set<Long> blocks = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 20; i++) {
            outlet.app("INSERT INTO transaksi (catatan) VALUES ('a')");
            long id =
                    (Long) outlet.query("SELECT max(id) FROM transaksi").get(0).get(0);
            assertThat(id).isGreaterThan(last).isBetween(WritableTable.LOCAL_IDS_FROM, 1L << 53);
            assertThat(blocks.add(id >> 24)).isTrue();
            last = id;
            outlet.restart();
        }
    }

    @Test
    void blocksStayBelowWhatFloatsCanHold() {
        assertThat(LocalIdSequence.begin(0, Long.MAX_VALUE)).isLessThan((1L << 52) + (1L << 51));
        long nearTheEnd = (1L << 53) - (1L << 24) - 1;
        assertThat(LocalIdSequence.begin(nearTheEnd, Long.MAX_VALUE)).isEqualTo((1L << 53) - (1L << 24));
        assertThat(LocalIdSequence.begin((1L << 53) - 5, 7)).isEqualTo((1L << 53) - 5);
    }

    @Test
    void whatACopyOfTheJournalHoldsBecomesTheSameOps() throws Exception {
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('a')", "UPDATE transaksi SET catatan = 'b'");
        Path copy = directory.resolve("copy.db");
        outlet.app("VACUUM INTO '" + copy + "'");
        outlet.app("UPDATE transaksi SET catatan = 'c'");

        List<UploadOp> ops = outlet.capture();
        try (OutletReplica other = OutletReplica.open(copy, OutletReplica.Examination.NONE)) {
            other.outbox().capture();
            List<UploadOp> copied = other.outbox().next(1).orElseThrow().groups().stream()
                    .flatMap(group -> group.ops().stream())
                    .map(op -> op.withMakers(Map.of()))
                    .toList();
            assertThat(copied).isEqualTo(ops.subList(0, 2));
        }
        assertThat(ops).hasSize(3);
    }

    @Test
    void aRefusedIdIsReplacedInTheWholeTransactionWhenItIsWrittenOnceMore() {
        outlet.app(
                "BEGIN",
                "INSERT INTO transaksi (catatan) VALUES ('a')",
                "INSERT INTO item SELECT max(id), 1, 'kopi' FROM transaksi",
                "UPDATE transaksi SET catatan = 'b'",
                "COMMIT");
        List<UploadOp> ops = outlet.capture();
        outlet.send();
        outlet.answer(ops.get(0), "failed", "local_id_used");
        outlet.answer(ops.get(1), "failed", "depends");
        outlet.answer(ops.get(2), "failed", "depends");
        outlet.commit();
        outlet.settle();
        assertThat(outlet.query("SELECT count(*) FROM transaksi")).containsExactly(List.of(0L));

        new AppWrites(directory.resolve("outlet.db")).retry(ops.get(1).id());

        assertThat(outlet.query("SELECT catatan, transaksi_id = id, kode FROM transaksi, item"))
                .containsExactly(List.of("b", 1L, "kopi"));
        assertThat(outlet.query("SELECT min(id) FROM transaksi").get(0).get(0))
                .isNotEqualTo(ops.get(0).key().get("id"));
        assertThat(outlet.query("SELECT DISTINCT status FROM _warung_writes")).containsExactly(List.of("retried"));
    }

    @Test
    void opsSayWhoMadeTheRowsWhoseLocalIdsTheyMention() {
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('a')");
        UploadOp sale = outlet.capture().get(0);
        outlet.app("INSERT INTO item SELECT id, 1, 'kopi' FROM transaksi", "UPDATE transaksi SET catatan = 'b'");
        outlet.capture();

        assertThat(outlet.send().stream().flatMap(group -> group.ops().stream()).map(UploadOp::makers))
                .containsExactly(Map.of(), Map.of("transaksi_id", sale.id()), Map.of("id", sale.id()));
    }

    @Test
    void idsAreForgottenWhenNobodyMentionsThemAndAreKnownAgainWhenSomebodyDoes() {
        outlet.app("INSERT INTO transaksi (catatan) VALUES ('a')");
        UploadOp sale = outlet.capture().get(0);
        outlet.send();
        outlet.hold(WritesFixture.TRANSAKSI_NUMBER, 7L, "a");
        outlet.give(sale, 7L);
        outlet.answer(sale, "applied");
        outlet.commit();
        outlet.settle();
        assertThat(outlet.query("SELECT count(*) FROM _warung_ids")).containsExactly(List.of(0L));

        outlet.app("INSERT INTO item VALUES (" + sale.key().get("id") + ", 1, 'kopi')");
        outlet.capture();
        outlet.send();
        assertThat(outlet.query("SELECT server_id, op FROM _warung_ids"))
                .containsExactly(List.of(7L, sale.id().toString()));
    }

    /** The server has noted a nonce. */
    private void note(FileIdentity file) {
        outlet.hold(
                WritesFixture.SESSIONS_NUMBER,
                file.file().toString(),
                file.nonce().toString());
        outlet.commit();
    }

    /** The server has found a copy. */
    private void find(FileIdentity file) {
        outlet.hold(
                WritesFixture.COPIES_NUMBER,
                file.file().toString(),
                file.nonce().toString());
        outlet.commit();
    }
}
