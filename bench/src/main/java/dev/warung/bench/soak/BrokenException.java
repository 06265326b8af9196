package dev.warung.bench.soak;

/** An invariant does not hold, or cannot be shown to hold. */
final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Invariant invariant;

    BrokenException(Invariant invariant, String message) {
        super(message);
        this.invariant = invariant;
    }

    Invariant invariant() {
        return invariant;
    }
}
