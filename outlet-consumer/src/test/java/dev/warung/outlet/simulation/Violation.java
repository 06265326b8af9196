package dev.warung.outlet.simulation;

/** An invariant does not hold. */
final class Violation extends AssertionError {

    Violation(String invariant, String what) {
        super(invariant + ": " + what);
    }
}
