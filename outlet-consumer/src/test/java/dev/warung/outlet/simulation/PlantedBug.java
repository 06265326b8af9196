package dev.warung.outlet.simulation;

/** A bug that the simulation has to find. */
enum PlantedBug {
    NONE,
    /** An upload that comes again is applied again. */
    LEDGER_OFF,
    /** A device's clock is believed. */
    CLAMP_OFF,
    /** An answer counts before its rows are there. */
    SETTLES_AT_ONCE,
    /** What was not sent is gone after a crash. */
    FORGETS_UNSENT
}
