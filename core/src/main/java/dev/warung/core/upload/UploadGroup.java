package dev.warung.core.upload;

import java.util.List;

/**
 * The ops of one local transaction of an outlet, in the order in which they were done.
 *
 * @param number grows with each group of one file
 * @param atUs when it was committed, by the device's clock, in microseconds since 1970
 */
public record UploadGroup(long number, long atUs, List<UploadOp> ops) {
    public UploadGroup {
        ops = List.copyOf(ops);
        if (ops.isEmpty()) {
            throw new IllegalArgumentException("a group has ops");
        }
    }
}
