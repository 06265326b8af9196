package io.debezium.connector.postgresql;

import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.util.Map;

/**
 * Takes the place of Debezium's class of this name, which reads all types of the database when the engine starts, and cannot where one
 * of them is a domain over an enum or an enum without labels. Nothing needs them: values pass as text, and the one table that Debezium
 * sees has no columns. This one knows no type, and says of each what Debezium says of one that is not in the catalogue. It must stand
 * before Debezium's jar in the class path; a test pins the original (docs/decisions/0017-events-pass-debezium-unchanged.md).
 */
public class TypeRegistry {

    /** What Debezium's own has for a type that the database does not have: no type has this oid. */
    private static final int ABSENT = Integer.MIN_VALUE;

    public TypeRegistry(@SuppressWarnings("unused") PostgresConnection connection) {}

    public Map<String, PostgresType> getRegisteredTypes() {
        return Map.of();
    }

    @SuppressWarnings("unused")
    public PostgresType get(int oid) {
        return PostgresType.UNKNOWN;
    }

    @SuppressWarnings("unused")
    public PostgresType get(String name) {
        return PostgresType.UNKNOWN;
    }

    @SuppressWarnings("unused")
    public PostgresType get(String schema, String name) {
        return PostgresType.UNKNOWN;
    }

    public int geometryOid() {
        return ABSENT;
    }

    public int geographyOid() {
        return ABSENT;
    }

    public int citextOid() {
        return ABSENT;
    }

    public int hstoreOid() {
        return ABSENT;
    }

    public int ltreeOid() {
        return ABSENT;
    }

    public int isbnOid() {
        return ABSENT;
    }

    public int isbn() {
        return ABSENT;
    }

    public int vectorOid() {
        return ABSENT;
    }

    public int halfVectorOid() {
        return ABSENT;
    }

    public int sparseVectorOid() {
        return ABSENT;
    }

    public int hstoreArrayOid() {
        return ABSENT;
    }

    public int geometryArrayOid() {
        return ABSENT;
    }

    public int geographyArrayOid() {
        return ABSENT;
    }

    public int citextArrayOid() {
        return ABSENT;
    }

    public int ltreeArrayOid() {
        return ABSENT;
    }

    public int tsVectorOid() {
        return ABSENT;
    }
}
