package dev.warung.capture.source;

import java.util.Optional;

/**
 * What set-up shall make.
 *
 * @param role the role that capture logs in as, if it is to be made or granted what it needs
 */
public record SetupOptions(String publication, TablePatterns tables, Optional<Role> role) {

    /** @param password given to the role if it does not exist yet */
    public record Role(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }
}
