/** A class that takes the place of Debezium's own; null checks do not apply, the signatures are Debezium's. */
package io.debezium.connector.postgresql.connection.pgoutput;
