package dev.warung.capture;

import dev.warung.capture.copy.GenerationCopies;
import dev.warung.core.schema.TableSchema;
import org.jspecify.annotations.Nullable;

/** Passes the wishes of the stream on to whoever copies in the present life of capture; without one they are taken up when it begins. */
final class CopyDesk implements GenerationCopies {

    private volatile @Nullable GenerationCopies copies;

    void open(GenerationCopies present) {
        copies = present;
    }

    @Override
    public void request(TableSchema schema) {
        GenerationCopies present = copies;
        if (present != null) {
            present.request(schema);
        }
    }

    @Override
    public void cancel(long oid) {
        GenerationCopies present = copies;
        if (present != null) {
            present.cancel(oid);
        }
    }
}
