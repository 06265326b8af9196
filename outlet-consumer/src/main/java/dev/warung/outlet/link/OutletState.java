package dev.warung.outlet.link;

import java.util.Locale;

/** What the outlet is doing. */
public enum OutletState {
    STARTING("is starting"),
    WAITING("waits for the server to tell it its shapes"),
    OFFLINE("cannot reach Kafka and tries again"),
    FILLING("reads shapes from their start"),
    FOLLOWING("follows its shapes"),
    DISABLED("is disabled"),
    FAILED("has failed and tries again");

    private final String says;

    OutletState(String says) {
        this.says = says;
    }

    /** In a sentence about the outlet. */
    public String says() {
        return says;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
