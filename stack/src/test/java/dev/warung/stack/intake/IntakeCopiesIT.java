package dev.warung.stack.intake;

import static dev.warung.stack.intake.Shop.nota;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.upload.FileIdentity;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.testkit.PostgresFixture;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What intake does with uploads of copied files. */
@SuppressWarnings("NullAway.Init") // made before all tests
class IntakeCopiesIT {

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    private static final UUID FILE = UUID.randomUUID();

    private static Shop shop;

    private Till one;

    @BeforeAll
    static void setUp() {
        shop = Shop.open(POSTGRES.createDatabase());
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @BeforeEach
    void clear() {
        shop.clear();
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
        Upload refused = one.from(new FileIdentity(FILE, second, List.of(common))).upload(Shop.NOW);

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
        Upload hello = one.from(new FileIdentity(FILE, UUID.randomUUID(), List.of(old))).upload(Shop.NOW);

        assertThat(shop.apply(hello).isCopy()).isTrue();
        assertThat(shop.query("select count(*) from warung.outlet_copies")).containsExactly("1");
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
