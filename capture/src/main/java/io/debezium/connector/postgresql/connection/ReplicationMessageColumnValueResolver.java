package io.debezium.connector.postgresql.connection;

import io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.PgConnectionSupplier;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.ReplicationMessage.ColumnValue;

/**
 * Takes the place of Debezium's class of this name, which parses each value by its type: this one returns PostgreSQL's text as it
 * came. It must stand before Debezium's jar in the class path; a test pins the original (docs/decisions/0003-text-of-postgresql.md).
 */
public class ReplicationMessageColumnValueResolver {

    /** PostgreSQL's text of the value; null for NULL. The signature is Debezium's. */
    @SuppressWarnings({"unused", "checkstyle:ParameterNumber"})
    public static Object resolveValue(
            String columnName,
            PostgresType type,
            String fullType,
            ColumnValue<?> value,
            PgConnectionSupplier connection,
            boolean includeUnknownDatatypes,
            TypeRegistry typeRegistry) {
        return value.isNull() ? null : value.asString();
    }
}
