package dev.warung.core.upload;

import java.util.Optional;
import java.util.UUID;

/**
 * Who sends an upload.
 *
 * @param outlet the outlet's id
 * @param code the outlet's code
 * @param generation of the outlet, as its private topic told it
 * @param session grows with each connection of this file to the server
 * @param file which of its files sends; empty if it does not say, and is believed then
 */
public record Sender(UUID outlet, String code, int generation, long session, Optional<FileIdentity> file) {}
