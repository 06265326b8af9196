package dev.warung.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The figures of a benchmark. */
public interface Report {
    /** For people. */
    String text();

    /** For machines. */
    ObjectNode json();

    /** Whether everything that was written has arrived; if not, the figures are void. */
    boolean isComplete();
}
