package dev.warung.capture;

import dev.warung.capture.copy.ChunkInbox;
import dev.warung.capture.copy.GenerationCopies;
import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.history.CatalogueChange;
import dev.warung.capture.history.DdlLogDecoder;
import dev.warung.capture.publish.DurablePosition;
import dev.warung.capture.source.DdlLog;
import dev.warung.capture.source.EpochCounter;
import dev.warung.capture.source.GenerationCopier;
import dev.warung.capture.source.HeartbeatWriter;
import dev.warung.capture.source.Holder;
import dev.warung.capture.source.RepairReader;
import dev.warung.capture.source.SchemaWatcher;
import dev.warung.capture.source.SetupOptions;
import dev.warung.capture.source.SetupReport;
import dev.warung.capture.source.SlotReader;
import dev.warung.capture.source.SnapshotCopy;
import dev.warung.capture.source.SnapshotCopyOptions;
import dev.warung.capture.source.SourceConnections;
import dev.warung.capture.source.SourcePreflight;
import dev.warung.capture.source.SourceSetup;
import dev.warung.capture.source.TablePatterns;
import dev.warung.core.change.Lsn;
import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.wire.PositionRecord;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real PostgreSQL, by the classes that speak SQL. */
final class PostgresSource implements Source {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSource.class);

    private final SourceConnections connections;
    private final Setup setup;
    private final SnapshotCopyOptions copy;
    private final AtomicBoolean setsUp;
    private final SlotReader slot;
    private final SourcePreflight preflight;
    private final Holder holder;

    /** Who sets up, and what. */
    private record Setup(boolean wanted, SourceConnections connections, SetupOptions options) {}

    private PostgresSource(SourceConnections connections, Setup setup, SnapshotCopyOptions copy) {
        this.connections = connections;
        this.setup = setup;
        this.copy = copy;
        this.setsUp = new AtomicBoolean(setup.wanted());
        this.slot = new SlotReader(connections, copy.slot());
        this.holder = new Holder(connections);
        this.preflight = new SourcePreflight(connections, copy.slot(), copy.publication());
    }

    static PostgresSource of(CaptureSettings settings) {
        TablePatterns tables =
                new TablePatterns(settings.get(CaptureSettings.TABLES), settings.get(CaptureSettings.EXCLUDE));
        String publication = settings.get(CaptureSettings.PUBLICATION);
        SnapshotCopyOptions.Reading reading = new SnapshotCopyOptions.Reading(
                settings.get(CaptureSettings.COPY_WORKERS),
                SnapshotCopyOptions.Reading.DEFAULT.pagesEach(),
                settings.get(CaptureSettings.ROW_BYTES_MAX));
        return new PostgresSource(
                new SourceConnections(settings.get(CaptureSettings.POSTGRES_URL)),
                setup(settings, publication, tables),
                new SnapshotCopyOptions(settings.get(CaptureSettings.SLOT), publication, tables, reading, false));
    }

    private static Setup setup(CaptureSettings settings, String publication, TablePatterns tables) {
        PostgresUrl url = settings.get(CaptureSettings.POSTGRES_URL);
        String administrator = settings.get(CaptureSettings.SETUP_URL);
        Optional<SetupOptions.Role> role = administrator.isEmpty()
                ? Optional.empty()
                : Optional.of(new SetupOptions.Role(url.user(), url.password()));
        return new Setup(
                settings.get(CaptureSettings.SET_UP),
                new SourceConnections(administrator.isEmpty() ? url : PostgresUrl.parse(administrator)),
                new SetupOptions(publication, tables, role));
    }

    @Override
    public void setUp() {
        if (setsUp.compareAndSet(true, false)) {
            try {
                report(SourceSetup.run(setup.connections(), setup.options()));
            } catch (PipelineException e) {
                setsUp.set(true);
                throw e;
            }
        }
    }

    private static void report(SetupReport report) {
        report.steps().forEach(step -> LOG.info("Set-up: {}", step));
    }

    @Override
    public void hold(boolean takesOver) {
        if (takesOver || !holder.hasTaken()) {
            holder.take();
        } else {
            holder.requireHeld();
        }
    }

    @Override
    public PositionRecord.Server check(Optional<DurablePosition> durable) {
        return durable.map(log -> preflight.checkForStream(log.commit(), log.server()))
                .orElseGet(preflight::checkForCopy);
    }

    @Override
    public int nextEpoch(int newest) {
        return new EpochCounter(connections).next(newest);
    }

    @Override
    public InitialCopy beginCopy() {
        return SnapshotCopy.begin(connections, copy);
    }

    @Override
    public void freeSlot() {
        slot.free();
    }

    @Override
    public Optional<Long> heartbeatAgeMs() {
        return slot.heartbeatAgeMs();
    }

    @Override
    public SlotView slot() {
        SlotReader.Position position = slot.read()
                .orElseThrow(
                        () -> new PipelineException(ErrorCode.SLOT_MISSING, "There is no slot " + copy.slot() + "."));
        return new SlotView(
                position.confirmed().orElse(Lsn.ZERO),
                position.retainedBytes(),
                position.walEnd(),
                position.walStatus());
    }

    @Override
    public DdlLogDecoder ddlLog() {
        return new DdlLog();
    }

    @Override
    public CatalogueChange repair(Collection<Long> oids) {
        return new RepairReader(connections).read(oids);
    }

    @Override
    public Attendants attend(Consumer<CatalogueChange> reconcile) {
        HeartbeatWriter heartbeat = HeartbeatWriter.start(connections, CaptureSettings.HEARTBEAT_INTERVAL);
        SchemaWatcher watcher = SchemaWatcher.start(connections, CaptureSettings.CATALOGUE_INTERVAL);
        return () -> {
            heartbeat.close();
            watcher.close();
        };
    }

    @Override
    public GenerationCopies copies(ChunkInbox inbox) {
        return new GenerationCopier(connections, inbox);
    }
}
