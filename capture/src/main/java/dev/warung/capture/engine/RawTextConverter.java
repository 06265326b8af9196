package dev.warung.capture.engine;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Hands PostgreSQL's text of every column through as an optional string, whatever its type.
 *
 * <p>Together with the replaced {@code ReplicationMessageColumnValueResolver} this keeps Debezium from parsing values, which loses
 * some of them (docs/decisions/0003-text-of-postgresql.md). What is no text turns into a marker that the translator knows by identity:
 * a row's own text can never be mistaken for it.
 */
public final class RawTextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

    /** Stands for a value that PostgreSQL did not send because it is unchanged and stored out of line. */
    @SuppressWarnings("StringOperationCanBeSimplified") // an instance of its own: it is compared by identity
    static final String UNCHANGED = new String("unchanged toasted value");

    /** Stands for a value that came as something else than text: the replaced class is not in effect. */
    @SuppressWarnings("StringOperationCanBeSimplified") // an instance of its own: it is compared by identity
    static final String NOT_TEXT = new String("value that is not text");

    @Override
    public void configure(Properties properties) {}

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        registration.register(SchemaBuilder.string().optional(), RawTextConverter::convert);
    }

    private static @Nullable Object convert(@Nullable Object value) {
        if (value == null || value instanceof String) {
            return value;
        }
        return UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value) ? UNCHANGED : NOT_TEXT;
    }
}
