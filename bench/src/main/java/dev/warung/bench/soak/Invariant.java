package dev.warung.bench.soak;

/** What must always hold; ARCHITECTURE.md says what each means. */
public enum Invariant {
    I1("equality"),
    I2("no gap, no phantom"),
    I3("slot <= durable"),
    I4("atomicity"),
    I5("monotone"),
    I9("bounds"),
    I10("fencing"),
    I12("loud");

    private final String says;

    Invariant(String says) {
        this.says = says;
    }

    String says() {
        return says;
    }
}
