package dev.warung.outlet.simulation;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * An outlet, as the server knows it.
 *
 * @param branch the value of its shape's parameter
 */
record OutletId(String code, long branch) {

    UUID id() {
        return UUID.nameUUIDFromBytes(code.getBytes(StandardCharsets.UTF_8));
    }
}
