package dev.warung.core.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeIdTest {

    @Test
    void epochComesFirstThenPreviousCommitThenOrdinal() {
        ChangeId low = new ChangeId(1, new Lsn(900), 5);

        assertThat(new ChangeId(2, Lsn.ZERO, 0).isAfter(low)).isTrue();
        assertThat(new ChangeId(1, new Lsn(901), 0).isAfter(low)).isTrue();
        assertThat(new ChangeId(1, new Lsn(900), 6).isAfter(low)).isTrue();
        assertThat(low.isAfter(low)).isFalse();
    }

    @Test
    void lsnIsUnsigned() {
        assertThat(new Lsn(-1)).isGreaterThan(new Lsn(1));
        assertThat(new Lsn(-1).toString()).isEqualTo("FFFFFFFF/FFFFFFFF");
        assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF")).isEqualTo(new Lsn(-1));
    }

    @Test
    void textAndBytesRoundTripAndBytesSortLikeIds() {
        Random random = new Random(7);
        List<ChangeId> ids = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(new ChangeId(random.nextInt(3), new Lsn(random.nextLong()), random.nextLong() >>> 1));
        }
        List<ChangeId> byBytes = new ArrayList<>(ids);

        byBytes.sort(Comparator.comparing(ChangeId::toBytes, Arrays::compareUnsigned));
        ids.sort(Comparator.naturalOrder());

        assertThat(byBytes).isEqualTo(ids);
        assertThat(ids).allSatisfy(id -> {
            assertThat(ChangeId.parse(id.toString())).isEqualTo(id);
            assertThat(ChangeId.fromBytes(id.toBytes())).isEqualTo(id);
        });
    }

    @Test
    void refusesWhatIsNoChangeId() {
        assertThatThrownBy(() -> ChangeId.parse("1/12")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChangeId.parse("1/0/x/12")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChangeId.fromBytes(new byte[3])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Lsn.parse("16B3748")).isInstanceOf(IllegalArgumentException.class);
    }
}
