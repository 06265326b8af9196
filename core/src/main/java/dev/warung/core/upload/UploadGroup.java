package dev.warung.core.upload;

import java.util.List;

/**
 * Ops of an outlet that were done at one time, in the order in which they were done.
 *
 * @param number of what the outlet took in together: whole local transactions, one or more; grows. Groups with one number follow each
 *     other in one upload
 * @param atUs when they were done, by the device's clock, in microseconds since 1970
 */
public record UploadGroup(long number, long atUs, List<UploadOp> ops) {
    public UploadGroup {
        ops = List.copyOf(ops);
        if (ops.isEmpty()) {
            throw new IllegalArgumentException("a group has ops");
        }
    }
}
