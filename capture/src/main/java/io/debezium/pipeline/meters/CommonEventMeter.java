package io.debezium.pipeline.meters;

import io.debezium.data.Envelope.Operation;
import io.debezium.pipeline.metrics.traits.CommonEventMetricsMXBean;
import io.debezium.pipeline.source.spi.EventMetadataProvider;
import io.debezium.pipeline.spi.OffsetContext;
import io.debezium.spi.schema.DataCollectionId;
import io.debezium.util.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.data.Struct;

/**
 * Takes the place of Debezium's class of this name, which writes a summary of every event as text in case JMX asks for the last one:
 * a fifth of the reading thread's time. This one counts only. It must stand before Debezium's jar in the class path; a test pins the
 * original (docs/decisions/0014-queue-and-meter.md).
 */
public class CommonEventMeter implements CommonEventMetricsMXBean {

    protected final AtomicLong totalNumberOfEventsSeen = new AtomicLong();
    protected final AtomicLong totalNumberOfCreateEventsSeen = new AtomicLong();
    protected final AtomicLong totalNumberOfUpdateEventsSeen = new AtomicLong();
    protected final AtomicLong totalNumberOfDeleteEventsSeen = new AtomicLong();
    protected final AtomicLong numberOfErroneousEvents = new AtomicLong();
    protected final AtomicLong lastEventTimestamp = new AtomicLong(-1);
    private final AtomicLong filtered = new AtomicLong();
    private final Clock clock;

    public CommonEventMeter(Clock clock, @SuppressWarnings("unused") EventMetadataProvider metadataProvider) {
        this.clock = clock;
    }

    @SuppressWarnings({"unused", "checkstyle:ParameterNumber"})
    public void onEvent(DataCollectionId source, OffsetContext offset, Object key, Struct value, Operation operation) {
        count(operation);
    }

    public void onFilteredEvent() {
        onFilteredEvent(null);
    }

    public void onFilteredEvent(Operation operation) {
        filtered.incrementAndGet();
        count(operation);
    }

    public void onErroneousEvent() {
        onErroneousEvent(null);
    }

    public void onErroneousEvent(Operation operation) {
        numberOfErroneousEvents.incrementAndGet();
        count(operation);
    }

    private void count(Operation operation) {
        totalNumberOfEventsSeen.incrementAndGet();
        lastEventTimestamp.set(clock.currentTimeInMillis());
        if (operation == Operation.CREATE) {
            totalNumberOfCreateEventsSeen.incrementAndGet();
        } else if (operation == Operation.UPDATE) {
            totalNumberOfUpdateEventsSeen.incrementAndGet();
        } else if (operation == Operation.DELETE) {
            totalNumberOfDeleteEventsSeen.incrementAndGet();
        }
    }

    /** Always null: see above. */
    @Override
    public String getLastEvent() {
        return null;
    }

    @Override
    public long getMilliSecondsSinceLastEvent() {
        long last = lastEventTimestamp.get();
        return last < 0 ? -1 : clock.currentTimeInMillis() - last;
    }

    @Override
    public long getTotalNumberOfEventsSeen() {
        return totalNumberOfEventsSeen.get();
    }

    @Override
    public long getTotalNumberOfCreateEventsSeen() {
        return totalNumberOfCreateEventsSeen.get();
    }

    @Override
    public long getTotalNumberOfUpdateEventsSeen() {
        return totalNumberOfUpdateEventsSeen.get();
    }

    @Override
    public long getTotalNumberOfDeleteEventsSeen() {
        return totalNumberOfDeleteEventsSeen.get();
    }

    @Override
    public long getNumberOfEventsFiltered() {
        return filtered.get();
    }

    @Override
    public long getNumberOfErroneousEvents() {
        return numberOfErroneousEvents.get();
    }

    public void reset() {
        totalNumberOfEventsSeen.set(0);
        totalNumberOfCreateEventsSeen.set(0);
        totalNumberOfUpdateEventsSeen.set(0);
        totalNumberOfDeleteEventsSeen.set(0);
        numberOfErroneousEvents.set(0);
        lastEventTimestamp.set(-1);
        filtered.set(0);
    }
}
