package dev.warung.bench.soak;

/**
 * A fault to come.
 *
 * @param beginsMs after the beginning of its group
 * @param lastsMs until it is undone; for what must be noticed first, from then on
 */
record PlannedFault(FaultKind kind, int beginsMs, int lastsMs) {
    int endsMs() {
        return beginsMs + lastsMs;
    }

    String text() {
        return kind.says() + (lastsMs == 0 ? "" : " for " + lastsMs + " ms");
    }
}
