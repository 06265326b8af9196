package io.debezium.connector.postgresql.connection.pgoutput;

import dev.warung.capture.engine.EventMessage;
import dev.warung.capture.engine.PgOutputReader;
import dev.warung.capture.event.SourceEvent;
import dev.warung.capture.event.SourceEvent.TransactionEnd;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.AbstractMessageDecoder;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.ReplicationStream.ReplicationMessageProcessor;
import io.debezium.connector.postgresql.connection.TransactionMessage;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * Takes the place of Debezium's class of this name, which parses each value by its type and asks the catalogue, as it is now, what a
 * table was like then. This one passes on what the log says and nothing else, and makes an event of the end of each transaction. It
 * must stand before Debezium's jar in the class path; a test pins the original
 * (docs/decisions/0017-events-pass-debezium-unchanged.md).
 *
 * <p>Thread: the engine's that reads.
 */
public class PgOutputMessageDecoder extends AbstractMessageDecoder {

    private static final int VERSION = 1;

    private final PgOutputReader reader = new PgOutputReader();
    private final String publication;
    private long lsn;

    public PgOutputMessageDecoder(
            MessageDecoderContext context, @SuppressWarnings("unused") PostgresConnection connection) {
        this.publication = context.getConfig().publicationName();
    }

    /** Never: the engine always resumes at a transaction's end. Called right before each message, it tells where that stands. */
    @Override
    public boolean shouldMessageBeSkipped(
            ByteBuffer buffer, Lsn lastReceivedLsn, Lsn startLsn, WalPositionLocator walPosition) {
        lsn = lastReceivedLsn.asLong();
        return false;
    }

    @Override
    public void processNotEmptyMessage(
            ByteBuffer buffer, ReplicationMessageProcessor processor, TypeRegistry typeRegistry)
            throws SQLException, InterruptedException {
        long bytes = buffer.remaining();
        for (SourceEvent event : reader.read(buffer, lsn)) {
            if (event instanceof TransactionEnd end) {
                // First Debezium's own notion of it, so that the position is right when the event is passed on.
                processor.process(new TransactionMessage(Operation.COMMIT, end.xid(), instant(end.committedAtUs())));
            }
            processor.process(new EventMessage(event, instant(reader.committedAtUs()), reader.xid(), bytes));
        }
    }

    @Override
    public ChainedLogicalStreamBuilder defaultOptions(
            ChainedLogicalStreamBuilder builder, Function<Integer, Boolean> hasMinimumServerVersion) {
        return builder.withSlotOption("proto_version", VERSION).withSlotOption("publication_names", publication);
    }

    private static Instant instant(long microsSince1970) {
        return Instant.EPOCH.plus(microsSince1970, ChronoUnit.MICROS);
    }
}
