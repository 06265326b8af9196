package dev.warung.core.wire;

/** The {@code op} of Debezium's envelope. */
public enum RowOp {
    CREATE("c"),
    UPDATE("u"),
    DELETE("d"),
    /** A row of a copy. */
    READ("r"),
    TRUNCATE("t");

    private final String code;

    RowOp(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    /** @throws IllegalArgumentException if there is no such op */
    public static RowOp of(String code) {
        for (RowOp op : values()) {
            if (op.code.equals(code)) {
                return op;
            }
        }
        throw new IllegalArgumentException("unknown op '" + code + "'");
    }
}
