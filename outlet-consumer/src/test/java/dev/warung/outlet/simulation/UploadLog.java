package dev.warung.outlet.simulation;

import java.util.ArrayList;
import java.util.List;

/** An outlet's upload topic, and how far intake has come. */
final class UploadLog {

    private final List<Arrived> uploads = new ArrayList<>();
    private int next;

    /** @param atUs when the broker took it */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Arrived(byte[] upload, long atUs) {}

    void add(byte[] upload, long atUs) {
        uploads.add(new Arrived(upload, atUs));
    }

    boolean hasNext() {
        return next < uploads.size();
    }

    Arrived next() {
        return uploads.get(next);
    }

    /** Intake has stored its place. */
    void passed() {
        next++;
    }
}
