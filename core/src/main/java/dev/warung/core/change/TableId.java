package dev.warung.core.change;

/** A PostgreSQL table by its schema and name, as the catalogue spells them (no quotes, no folding). */
public record TableId(String schema, String name) implements Comparable<TableId> {

    private static final String PUBLIC = "public";

    /** Reads {@code schema.name}, or the bare name of a table of {@code public}: the first dot ends the schema. */
    public static TableId parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new TableId(PUBLIC, text) : new TableId(text.substring(0, dot), text.substring(dot + 1));
    }

    /** The name of this table in a replica: bare for {@code public}, {@code schema.name} otherwise. */
    public String replicaName() {
        return schema.equals(PUBLIC) ? name : schema + "." + name;
    }

    /** The name as SQL for PostgreSQL, always quoted. */
    public String quoted() {
        return quote(schema) + "." + quote(name);
    }

    /** One identifier as SQL, for PostgreSQL and SQLite alike. */
    public static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    @Override
    public int compareTo(TableId other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
