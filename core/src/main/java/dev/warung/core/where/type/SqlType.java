package dev.warung.core.where.type;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A type of a clause. Two types are the same if they are equal; modifiers such as {@code (12,2)} are not part of it.
 *
 * @param name as {@code format_type} prints it, for messages
 * @param element of an array, else null
 * @param labels of an enum in their order; empty if they are not known, and then only equality is
 */
public record SqlType(Kind kind, String name, @Nullable SqlType element, List<String> labels) {

    /** What PostgreSQL's rules of resolution and our evaluation know about a type. */
    public enum Kind {
        BOOL('B', true),
        INT2('N', false),
        INT4('N', false),
        INT8('N', false),
        NUMERIC('N', false),
        FLOAT4('N', false),
        FLOAT8('N', true),
        TEXT('S', true),
        VARCHAR('S', false),
        BPCHAR('S', false),
        NAME('S', false),
        BYTEA('U', false),
        UUID('U', false),
        DATE('D', false),
        TIME('D', false),
        TIMESTAMP('D', false),
        TIMESTAMPTZ('D', true),
        INTERVAL('T', true),
        JSON('U', false),
        JSONB('U', false),
        ENUM('E', false),
        ARRAY('A', false),
        /** A string or parameter whose type is not decided yet. */
        UNKNOWN('X', false),
        /** A type of which nothing is known but whether a value is NULL. */
        OPAQUE('U', false);

        private final char category;
        private final boolean preferred;

        Kind(char category, boolean preferred) {
            this.category = category;
            this.preferred = preferred;
        }

        public char category() {
            return category;
        }

        public boolean isPreferred() {
            return preferred;
        }
    }

    public static final SqlType BOOL = scalar(Kind.BOOL, "boolean");
    public static final SqlType INT2 = scalar(Kind.INT2, "smallint");
    public static final SqlType INT4 = scalar(Kind.INT4, "integer");
    public static final SqlType INT8 = scalar(Kind.INT8, "bigint");
    public static final SqlType NUMERIC = scalar(Kind.NUMERIC, "numeric");
    public static final SqlType FLOAT4 = scalar(Kind.FLOAT4, "real");
    public static final SqlType FLOAT8 = scalar(Kind.FLOAT8, "double precision");
    public static final SqlType TEXT = scalar(Kind.TEXT, "text");
    public static final SqlType VARCHAR = scalar(Kind.VARCHAR, "character varying");
    public static final SqlType BPCHAR = scalar(Kind.BPCHAR, "character");
    public static final SqlType NAME = scalar(Kind.NAME, "name");
    public static final SqlType BYTEA = scalar(Kind.BYTEA, "bytea");
    public static final SqlType UUID = scalar(Kind.UUID, "uuid");
    public static final SqlType DATE = scalar(Kind.DATE, "date");
    public static final SqlType TIME = scalar(Kind.TIME, "time without time zone");
    public static final SqlType TIMESTAMP = scalar(Kind.TIMESTAMP, "timestamp without time zone");
    public static final SqlType TIMESTAMPTZ = scalar(Kind.TIMESTAMPTZ, "timestamp with time zone");
    public static final SqlType INTERVAL = scalar(Kind.INTERVAL, "interval");
    public static final SqlType JSON = scalar(Kind.JSON, "json");
    public static final SqlType JSONB = scalar(Kind.JSONB, "jsonb");
    public static final SqlType UNKNOWN = scalar(Kind.UNKNOWN, "unknown");

    private static final Map<String, SqlType> BY_NAME = Map.ofEntries(
            entry(BOOL),
            entry(INT2),
            entry(INT4),
            entry(INT8),
            entry(NUMERIC),
            entry(FLOAT4),
            entry(FLOAT8),
            entry(TEXT),
            entry(VARCHAR),
            entry(BPCHAR),
            Map.entry("bpchar", BPCHAR),
            entry(NAME),
            entry(BYTEA),
            entry(UUID),
            entry(DATE),
            entry(TIME),
            entry(TIMESTAMP),
            entry(TIMESTAMPTZ),
            entry(INTERVAL),
            entry(JSON),
            entry(JSONB));

    public SqlType {
        labels = List.copyOf(labels);
    }

    private static SqlType scalar(Kind kind, String name) {
        return new SqlType(kind, name, null, List.of());
    }

    private static Map.Entry<String, SqlType> entry(SqlType type) {
        return Map.entry(type.name, type);
    }

    /** A built-in scalar type by the name that {@code format_type} prints without modifiers. */
    public static Optional<SqlType> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    public static SqlType arrayOf(SqlType element) {
        return new SqlType(Kind.ARRAY, element.name + "[]", element, List.of());
    }

    /** @param labels in their order, or empty if they are not known */
    public static SqlType enumeration(String name, List<String> labels) {
        return new SqlType(Kind.ENUM, name, null, labels);
    }

    /** A type whose values have no meaning here. */
    public static SqlType opaque(String name) {
        return scalar(Kind.OPAQUE, name);
    }

    public boolean is(Kind other) {
        return kind == other;
    }

    public boolean isUnknown() {
        return kind == Kind.UNKNOWN;
    }

    /** Whether its values are texts, which a collation orders. */
    public boolean isText() {
        return kind.category() == 'S';
    }

    public boolean isInteger() {
        return kind == Kind.INT2 || kind == Kind.INT4 || kind == Kind.INT8;
    }

    /** The element type. @throws IllegalStateException if this is no array */
    public SqlType elementType() {
        SqlType of = element;
        if (of == null) {
            throw new IllegalStateException(name + " is not an array");
        }
        return of;
    }

    /**
     * Whether two values are equal if, and only if, their canonical texts are: then a comparison needs no parsing. Not so for
     * numeric (1.0 and 1.00), floats (0 and -0), character(n) (blanks at the end), intervals (a month and 30 days) and documents.
     */
    public boolean isEqualAsText() {
        return switch (kind) {
            case BOOL, INT2, INT4, INT8, TEXT, VARCHAR, NAME, BYTEA, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, ENUM ->
                true;
            case NUMERIC, FLOAT4, FLOAT8, BPCHAR, INTERVAL, JSON, JSONB, ARRAY, UNKNOWN, OPAQUE -> false;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
