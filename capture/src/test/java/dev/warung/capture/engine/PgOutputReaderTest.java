package dev.warung.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.capture.event.ReplicaIdentity;
import dev.warung.capture.event.RowImage;
import dev.warung.capture.event.SourceEvent;
import dev.warung.capture.event.SourceEvent.RowEvent;
import dev.warung.capture.event.SourceEvent.TransactionEnd;
import dev.warung.core.change.Lsn;
import dev.warung.core.change.TableId;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.RowOp;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages as PostgreSQL's documentation describes them; real ones are read by every integration test. */
class PgOutputReaderTest {

    private static final int OID = 16_400;
    private static final String UNCHANGED = new String("unchanged");

    private final PgOutputReader reader = new PgOutputReader();

    @BeforeEach
    void aTransactionBeganAndTheTableIsDescribed() throws IOException {
        // 2000-01-01 00:00:01
        read(message('B').number(99).number(1_000_000).word(7));
        read(message('R')
                .word(OID)
                .text("gudang")
                .text("Stok Barang")
                .letter('f')
                .half(2)
                .letter('\1')
                .text("id")
                .word(20)
                .word(-1)
                .letter('\0')
                .text("isi \"nama\"")
                .word(25)
                .word(-1));
    }

    @Test
    void anInsertIsARowWithTheNamesOfItsMoment() throws IOException {
        RowEvent row = row(message('I').word(OID).letter('N').tuple("1", "é"));

        assertThat(row.table()).isEqualTo(new TableId("gudang", "Stok Barang"));
        assertThat(row.images().after().orElseThrow().columns().oldRows()).isEqualTo(ReplicaIdentity.FULL);
        assertThat(row.op()).isEqualTo(RowOp.CREATE);
        assertThat(row.images().before()).isEmpty();
        assertThat(row.images().after().orElseThrow().text("isi \"nama\"")).isEqualTo("é");
        assertThat(row.xid()).isEqualTo(7);
        assertThat(row.lsn()).isEqualTo(42);
        assertThat(row.commitMs()).isEqualTo(946_684_801_000L);
        assertThat(row.defect()).isEmpty();
    }

    @Test
    void aValueThatWasNotSentComesFromTheWholeOldRow() throws IOException {
        RowEvent row = row(message('U')
                .word(OID)
                .letter('O')
                .tuple("1", "lama")
                .letter('N')
                .tuple("2", UNCHANGED));

        assertThat(texts(row.images().before().orElseThrow())).containsExactly("1", "lama");
        assertThat(texts(row.images().after().orElseThrow())).containsExactly("2", "lama");
        assertThat(row.defect()).isEmpty();
    }

    @Test
    void anOldRowOfAPartitionThatHasItsKeyOnlyFillsNothing() throws IOException {
        RowEvent row = row(
                message('U').word(OID).letter('O').tuple("1", null).letter('N').tuple("2", UNCHANGED));

        assertThat(row.defect()).isPresent();
    }

    @Test
    void aValueThatWasNotSentIsADefectWithoutTheWholeOldRow() throws IOException {
        RowEvent withKey = row(
                message('U').word(OID).letter('K').tuple("1", null).letter('N').tuple("2", UNCHANGED));
        RowEvent alone = row(message('U').word(OID).letter('N').tuple("2", UNCHANGED));

        assertThat(withKey.defect())
                .hasValueSatisfying(
                        defect -> assertThat(defect).contains("isi \"nama\"", "REPLICA IDENTITY is not FULL"));
        assertThat(alone.defect()).isPresent();
    }

    @Test
    void aDeleteHasTheOldRowOnly() throws IOException {
        RowEvent row = row(message('D').word(OID).letter('O').tuple("1", null));

        assertThat(row.op()).isEqualTo(RowOp.DELETE);
        assertThat(texts(row.images().before().orElseThrow())).containsExactly("1", null);
        assertThat(row.images().after()).isEmpty();
    }

    @Test
    void aTruncateIsOneEventForEachTable() throws IOException {
        List<SourceEvent> events =
                read(message('T').word(2).letter('\0').word(OID).word(OID));

        assertThat(events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(((RowEvent) event).op()).isEqualTo(RowOp.TRUNCATE));
    }

    @Test
    void aCommitEndsTheTransactionWhereTheLogGoesOn() throws IOException {
        assertThat(read(message('C').letter('\0').number(99).number(120).number(1_000_000)))
                .containsExactly(new TransactionEnd(new Lsn(120), 946_684_801_000_000L, 7));
    }

    @Test
    void whatNoReplicaNeedsIsPassedOver() throws IOException {
        assertThat(read(message('O').number(1).text("asal"))).isEmpty();
        assertThat(read(message('Y').word(1).text("public").text("jenis"))).isEmpty();
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        assertThatThrownBy(() -> read(message('?')))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("type '?'");
        assertThatThrownBy(() -> read(message('I').word(1).letter('N').tuple("1", "x")))
                .hasMessageContaining("oid 1,");
        assertThatThrownBy(() -> read(message('I').word(OID).letter('N').tuple("1")))
                .hasMessageContaining("1 values");
        assertThatThrownBy(() -> read(message('I').word(OID).letter('K').tuple("1", "x")))
                .hasMessageContaining("'K'");
    }

    private RowEvent row(Message message) throws IOException {
        return (RowEvent) read(message).get(0);
    }

    private List<SourceEvent> read(Message message) throws IOException {
        return reader.read(message.buffer(), 42);
    }

    private static @Nullable String[] texts(RowImage image) {
        return image.texts();
    }

    private static Message message(char type) throws IOException {
        return new Message().letter(type);
    }

    /** A message being written. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        Message letter(char letter) throws IOException {
            out.writeByte(letter);
            return this;
        }

        Message half(int value) throws IOException {
            out.writeShort(value);
            return this;
        }

        Message word(int value) throws IOException {
            out.writeInt(value);
            return this;
        }

        Message number(long value) throws IOException {
            out.writeLong(value);
            return this;
        }

        Message text(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.writeByte(0);
            return this;
        }

        @SuppressWarnings("ReferenceEquality") // the marker is known by identity
        Message tuple(@Nullable String... values) throws IOException {
            half(values.length);
            for (String value : values) {
                if (value == null) {
                    letter('n');
                } else if (value == UNCHANGED) {
                    letter('u');
                } else {
                    byte[] text = value.getBytes(StandardCharsets.UTF_8);
                    letter('t').word(text.length);
                    out.write(text);
                }
            }
            return this;
        }

        /** With bytes before it, as the driver's buffer has. */
        ByteBuffer buffer() {
            byte[] message = bytes.toByteArray();
            ByteBuffer whole = ByteBuffer.allocate(message.length + 3);
            whole.position(3);
            whole.put(message);
            whole.position(3);
            return whole.slice();
        }
    }
}
