package io.debezium.connector.postgresql;

import dev.warung.capture.engine.EventMessage;
import dev.warung.capture.engine.EventValue;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationMessage;
import io.debezium.data.Envelope;
import io.debezium.data.Envelope.Operation;
import io.debezium.pipeline.spi.ChangeRecordEmitter;
import io.debezium.pipeline.spi.OffsetContext;
import io.debezium.pipeline.spi.Partition;
import io.debezium.relational.TableId;
import io.debezium.relational.TableSchema;
import io.debezium.schema.DataCollectionSchema;
import io.debezium.spi.schema.DataCollectionId;
import io.debezium.util.Clock;
import java.util.Optional;

/**
 * Takes the place of Debezium's class of this name, which turns a row into structures of Kafka Connect. This one hands the event
 * through as it was read. It must stand before Debezium's jar in the class path; a test pins the original
 * (docs/decisions/0017-events-pass-debezium-unchanged.md).
 */
public class PostgresChangeRecordEmitter implements ChangeRecordEmitter<PostgresPartition> {

    private final PostgresPartition partition;
    private final OffsetContext offset;
    private final EventMessage message;

    @SuppressWarnings({"unused", "checkstyle:ParameterNumber"})
    public PostgresChangeRecordEmitter(
            PostgresPartition partition,
            OffsetContext offset,
            Clock clock,
            PostgresConnectorConfig connectorConfig,
            PostgresSchema schema,
            PostgresConnection connection,
            TableId tableId,
            ReplicationMessage message) {
        this.partition = partition;
        this.offset = offset;
        this.message = (EventMessage) message;
    }

    @Override
    public void emitChangeRecords(DataCollectionSchema schema, Receiver<PostgresPartition> receiver)
            throws InterruptedException {
        receiver.changeRecord(
                partition,
                schema,
                Operation.MESSAGE,
                null,
                new EventValue(message.event(), message.bytes()),
                offset,
                null);
    }

    @Override
    public PostgresPartition getPartition() {
        return partition;
    }

    @Override
    public OffsetContext getOffset() {
        return offset;
    }

    @Override
    public Operation getOperation() {
        return Operation.MESSAGE;
    }

    /** What Debezium asks for a table that it does not know: all events are of one such table. */
    @SuppressWarnings("unused")
    static Optional<DataCollectionSchema> updateSchema(
            Partition partition, DataCollectionId tableId, ChangeRecordEmitter<PostgresPartition> emitter) {
        return Optional.of(new TableSchema(
                (TableId) tableId, null, null, Envelope.fromSchema(EventValue.NO_FIELDS), EventValue.NO_FIELDS, null));
    }
}
