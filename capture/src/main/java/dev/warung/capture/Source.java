package dev.warung.capture;

import dev.warung.capture.copy.ChunkInbox;
import dev.warung.capture.copy.GenerationCopies;
import dev.warung.capture.copy.InitialCopy;
import dev.warung.capture.history.CatalogueChange;
import dev.warung.capture.history.DdlLogDecoder;
import dev.warung.capture.publish.DurablePosition;
import dev.warung.core.wire.PositionRecord;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/** PostgreSQL as the supervisor needs it, apart from the log. Every method opens what it needs and throws PipelineException. */
interface Source {

    /** Makes in PostgreSQL what capture needs, if that is wanted. */
    void setUp();

    /**
     * Says in PostgreSQL that this process captures.
     *
     * @param takesOver whether from whoever did; else another one that took over since is a failure (FENCED)
     */
    void hold(boolean takesOver);

    /**
     * Checks that the stream can go on after what is durable; throws if it cannot.
     *
     * @param durable empty if a new epoch begins anyway
     */
    PositionRecord.Server check(Optional<DurablePosition> durable);

    /**
     * The number of an epoch that begins.
     *
     * @param newest the log's newest epoch; 0 if it has none
     */
    int nextEpoch(int newest);

    /** Makes a new slot, in place of the one there is, and holds its snapshot. */
    InitialCopy beginCopy();

    /** Ends whoever still streams from the slot; to be called only when the log is fenced. */
    void freeSlot();

    /** How old the heartbeat row is; empty if there is none yet. */
    Optional<Long> heartbeatAgeMs();

    /** Where the slot stands. */
    SlotView slot();

    DdlLogDecoder ddlLog();

    /** What makes the log describe these tables anew, each with a copy; those that are gone are dropped. */
    CatalogueChange repair(Collection<Long> oids);

    /** What runs beside the stream until it is closed. */
    interface Attendants extends AutoCloseable {
        @Override
        void close();
    }

    /** Beats the heart, and watches the catalogue where no event trigger does. */
    Attendants attend(Consumer<CatalogueChange> reconcile);

    /** Copies generations into the stream. */
    GenerationCopies copies(ChunkInbox inbox);
}
