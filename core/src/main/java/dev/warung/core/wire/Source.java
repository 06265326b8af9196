package dev.warung.core.wire;

/**
 * Where a row comes from: the {@code source} block of Debezium's envelope.
 *
 * @param tsMs when PostgreSQL committed the transaction, milliseconds since 1970
 * @param txId PostgreSQL's transaction number; 0 for a copied row
 * @param lsn position of the row's WAL record, for information: it is neither unique nor ordered
 */
public record Source(String database, long tsMs, long txId, long lsn) {}
