package dev.warung.replicator.outlets;

import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.OutletRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what outlets' Kafka users may read at what their private topics say. Thread: one.
 */
public final class OutletRights {

    private final OutletAccess access;
    private final Map<String, List<OutletRecord.Feed>> given = new HashMap<>();

    public OutletRights(OutletAccess access) {
        this.access = access;
    }

    /** @throws PipelineException if the brokers refuse; what was not done is done at the next call */
    public void update(List<OutletLag> outlets) {
        Set<String> gone = new HashSet<>(given.keySet());
        for (OutletLag outlet : outlets) {
            gone.remove(outlet.code());
            if (!outlet.feeds().equals(given.get(outlet.code()))) {
                access.allow(outlet.code(), outlet.feeds());
                given.put(outlet.code(), outlet.feeds());
            }
        }
        for (String code : gone) {
            access.remove(code);
            given.remove(code);
        }
    }
}
