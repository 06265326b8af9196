package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.capture.source.Preflight.Durable;
import dev.warung.capture.source.Preflight.Finding;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.PositionRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreflightTest {

    private static final Durable LOG = new Durable(new Lsn(500), new PositionRecord.Server("77", 1, "w", 10, "n10"));

    private final Builder server = new Builder();

    @Test
    void aHealthyServerHasNoFindings() {
        assertThat(server.findings()).isEmpty();
        assertThat(new Preflight("w", server.read()).findings(Optional.empty())).isEmpty();
    }

    @Test
    void allThatIsWrongIsNamedTogether() {
        server.walLevel = "replica";
        server.mayReplicate = false;

        assertThatThrownBy(() -> new Preflight("w", server.read()).require(Optional.of(LOG)))
                .isInstanceOfSatisfying(
                        PipelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POSTGRES_NOT_READY))
                .hasMessageContaining("wal_level")
                .hasMessageContaining("REPLICATION");
    }

    @Test
    void aSlotAheadOfTheLogIsRefused() {
        server.confirmed = Optional.of(new Lsn(501));

        assertThat(server.findings()).containsExactly(ErrorCode.SLOT_AHEAD);
    }

    @Test
    void aSlotAtTheLogIsFine() {
        server.confirmed = Optional.of(new Lsn(500));

        assertThat(server.findings()).isEmpty();
    }

    @Test
    void aLostSlotIsRefused() {
        server.walStatus = "lost";

        assertThat(server.findings()).containsExactly(ErrorCode.SLOT_MISSING);
    }

    @Test
    void aForeignSlotIsRefused() {
        server.plugin = "wal2json";

        assertThat(server.findings()).containsExactly(ErrorCode.SLOT_MISSING);
    }

    @Test
    void anotherSystemIsRefused() {
        server.systemId = "78";

        assertThat(server.findings()).containsExactly(ErrorCode.SERVER_CHANGED);
    }

    @Test
    void anotherTimelineIsRefused() {
        server.timeline = 2;

        assertThat(server.findings()).containsExactly(ErrorCode.SERVER_CHANGED);
    }

    @Test
    void aHeartbeatThatWentBackShowsARestoredServer() {
        server.counter = 9;

        assertThat(server.findings()).containsExactly(ErrorCode.SERVER_CHANGED);
    }

    @Test
    void theSameHeartbeatWithAnotherNonceShowsARestoredServer() {
        server.nonce = "other";

        assertThat(server.findings()).containsExactly(ErrorCode.SERVER_CHANGED);
    }

    @Test
    void aLaterHeartbeatIsFine() {
        server.counter = 11;
        server.nonce = "n11";

        assertThat(server.findings()).isEmpty();
    }

    @Test
    void walThatEndsBeforeTheLogShowsARestoredServer() {
        server.walEnd = new Lsn(499);

        assertThat(server.findings()).contains(ErrorCode.SERVER_CHANGED);
    }

    @Test
    void aPublicationThatWasMadeAnewIsRefused() {
        server.madeAt = new Lsn(500);
        assertThat(server.findings()).isEmpty();

        server.madeAt = new Lsn(501);
        assertThat(server.findings()).containsExactly(ErrorCode.PUBLICATION_CHANGED);
    }

    @Test
    void anotherPublicationOfTheSameNameIsRefused() {
        server.publicationKnown = false;

        assertThat(server.findings()).containsExactly(ErrorCode.PUBLICATION_CHANGED);
    }

    @Test
    void aPublicationWithoutTheControlRowsIsRefusedWithTheCommand() {
        server.lacking = List.of("warung.shapes", "warung.outlets");

        assertThatThrownBy(() -> new Preflight("w", server.read()).require(Optional.of(LOG)))
                .hasMessageContaining("--setup-url")
                .hasMessageContaining("ALTER PUBLICATION … ADD TABLE ONLY warung.shapes, warung.outlets");
    }

    private static final class Builder {
        private int version = 18;
        private String walLevel = "logical";
        private boolean mayReplicate = true;
        private String systemId = "77";
        private int timeline = 1;
        private Lsn walEnd = new Lsn(1000);
        private long counter = 10;
        private String nonce = "n10";
        private String plugin = "pgoutput";
        private Optional<Lsn> confirmed = Optional.of(new Lsn(400));
        private String walStatus = "reserved";
        private Lsn madeAt = Lsn.ZERO;
        private boolean publicationKnown = true;
        private List<String> lacking = List.of();

        PreflightReading read() {
            return new PreflightReading(
                    new PreflightReading.Settings(version, walLevel, false, "UTF8", 5),
                    mayReplicate,
                    systemId,
                    timeline,
                    walEnd,
                    new PreflightReading.Heartbeat(counter, nonce),
                    Optional.of(new PreflightReading.Publication(true, lacking, publicationKnown, madeAt)),
                    Optional.of(new SlotHealth.State("w", plugin, false, true, confirmed, walStatus)));
        }

        List<ErrorCode> findings() {
            return new Preflight("w", read())
                    .findings(Optional.of(LOG)).stream().map(Finding::code).toList();
        }
    }
}
