package dev.warung.core.value;

/** The five ways in which a value is carried as JSON and stored by SQLite. */
public enum ValueKind {
    /** int2, int4, int8: a JSON integer, SQLite INTEGER. */
    INTEGER("INTEGER"),
    /** bool: JSON true or false, SQLite INTEGER 1 or 0. */
    BOOLEAN("INTEGER"),
    /** float4, float8: a JSON number or, for −0, NaN and the infinities, PostgreSQL's text; SQLite ANY. */
    FLOAT("ANY"),
    /** bytea: hexadecimal text that starts with {@code \x}, SQLite BLOB. */
    BYTES("BLOB"),
    /** Everything else: PostgreSQL's own text output, unchanged. */
    TEXT("TEXT");

    private final String sqliteType;

    ValueKind(String sqliteType) {
        this.sqliteType = sqliteType;
    }

    /** The column type in a STRICT table. */
    public String sqliteType() {
        return sqliteType;
    }
}
