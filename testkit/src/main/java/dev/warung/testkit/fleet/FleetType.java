package dev.warung.testkit.fleet;

/** The types of the company's columns. */
enum FleetType {
    INTEGER("integer"),
    BIGINT("bigint"),
    UUID("uuid"),
    TEXT("text"),
    NUMERIC("numeric(12,2)"),
    TIMESTAMPTZ("timestamptz"),
    JSONB("jsonb"),
    BOOLEAN("boolean");

    private final String sql;

    FleetType(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }

    /** How PostgreSQL writes a column's value as the text that SQLite gives for it. */
    String inPostgres(String column) {
        return this == BOOLEAN ? column + "::int::text" : column + "::text";
    }
}
