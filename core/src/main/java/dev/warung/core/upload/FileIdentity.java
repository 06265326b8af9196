package dev.warung.core.upload;

import java.util.List;
import java.util.UUID;

/**
 * Which of an outlet's files sends. A copy of a file says the same of itself, until one of the two begins a session: the server then knows
 * the nonce of that one, and the other cannot name it.
 *
 * @param file made with the file; a copy that was found takes another
 * @param nonce made for this session
 * @param follows nonces of earlier sessions, one of which the server may have noted last
 */
public record FileIdentity(UUID file, UUID nonce, List<UUID> follows) {

    /** An outlet names no more earlier nonces than this. */
    public static final int FOLLOWS_MAX = 64;

    public FileIdentity {
        follows = List.copyOf(follows);
    }
}
