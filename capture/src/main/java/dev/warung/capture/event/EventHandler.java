package dev.warung.capture.event;

import dev.warung.core.change.Lsn;
import java.util.List;

/** Takes the events of PostgreSQL's log, in order. */
public interface EventHandler {

    /**
     * Takes the next events, or none when nothing has come for a moment.
     *
     * @param behind whether so many were waiting that more are to be expected; if they do not come, a call without events follows
     * @param source to be told up to where PostgreSQL may forget its log
     */
    void handle(List<SourceEvent> events, boolean behind, Confirmation source) throws InterruptedException;

    /** Tells PostgreSQL that everything up to a commit is durable elsewhere. */
    @FunctionalInterface
    interface Confirmation {
        void confirm(Lsn commit) throws InterruptedException;
    }
}
