package dev.warung.core.upload;

import java.util.List;
import java.util.UUID;

/**
 * What an outlet sends at a time: whole local transactions. One that is too large for a record is cut into parts, which have one id.
 *
 * @param part which part this is, from 1
 * @param parts how many there are
 * @param sentAtUs when it was sent, by the device's clock, in microseconds since 1970
 */
public record Upload(UUID id, Sender sender, int part, int parts, long sentAtUs, List<UploadGroup> groups) {
    public Upload {
        groups = List.copyOf(groups);
        if (part < 1 || part > parts) {
            throw new IllegalArgumentException("there is no part " + part + " of " + parts);
        }
    }

    /** A whole upload. */
    public static Upload whole(UUID id, Sender sender, long sentAtUs, List<UploadGroup> groups) {
        return new Upload(id, sender, 1, 1, sentAtUs, groups);
    }

    public int ops() {
        return groups.stream().mapToInt(group -> group.ops().size()).sum();
    }
}
