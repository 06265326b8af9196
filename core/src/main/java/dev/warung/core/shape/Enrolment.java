package dev.warung.core.shape;

import java.util.Map;
import java.util.UUID;

/**
 * What a device must know to be an outlet: where the log is and who it is there. {@code warung outlets add} hands it out as a file,
 * {@code warung outlet --enrol} takes it.
 *
 * @param kafka the brokers, HOST:PORT with commas
 * @param prefix first part of every topic name
 * @param outlet the outlet's id
 * @param code names the outlet in topics and groups; never changes
 * @param credentials further properties of the Kafka clients, such as security; may hold secrets
 */
public record Enrolment(String kafka, String prefix, UUID outlet, String code, Map<String, String> credentials) {

    private static final String CODE = "[A-Za-z0-9][A-Za-z0-9-]{0,59}";

    public Enrolment {
        credentials = Map.copyOf(credentials);
        if (kafka.isBlank()) {
            throw new IllegalArgumentException("the enrolment names no Kafka brokers");
        }
        if (!code.matches(CODE)) {
            throw new IllegalArgumentException(
                    "the outlet's code has 1 to 60 letters, digits or '-', and begins with a letter or digit, not '"
                            + code + "'");
        }
    }

    /** Without the credentials' values. */
    @Override
    public String toString() {
        return "Enrolment[kafka=" + kafka + ", prefix=" + prefix + ", outlet=" + outlet + ", code=" + code
                + ", credentials=" + credentials.keySet().stream().sorted().toList() + "]";
    }
}
