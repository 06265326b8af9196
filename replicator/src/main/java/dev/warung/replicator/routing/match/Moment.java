package dev.warung.replicator.routing.match;

/** When a row is looked at. */
enum Moment {
    /** Before the change that is being routed. */
    NOW,
    /** After it. */
    NEXT
}
