package dev.warung.core.upload;

import java.util.Optional;
import java.util.UUID;

/**
 * Who sends an upload.
 *
 * @param outlet the outlet's id
 * @param code the outlet's code
 * @param generation of the outlet, as its private topic told it
 * @param session grows with each start of the process
 * @param nonce the last one that came down to the outlet; empty until there is one
 */
public record Sender(UUID outlet, String code, int generation, long session, Optional<UUID> nonce) {}
