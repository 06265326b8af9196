package dev.warung.capture;

import java.util.Locale;

/**
 * What capture is doing.
 *
 * <p>STARTING → (COPYING →) STREAMING; STARTING → STANDBY → STARTING; any → RETRYING → STARTING; any → REFUSED → STARTING;
 * any → STOPPED.
 */
enum CaptureState {
    STARTING,
    /** Another capture is alive. */
    STANDBY,
    /** The initial copy of an epoch. */
    COPYING,
    STREAMING,
    /** Something failed that heals by itself. */
    RETRYING,
    /** Something speaks against going on that a person must decide. */
    REFUSED,
    STOPPED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
