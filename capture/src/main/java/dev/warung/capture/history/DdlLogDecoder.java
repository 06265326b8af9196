package dev.warung.capture.history;

/** Reads the JSON text of a row of {@code warung.ddl_log}. */
@FunctionalInterface
public interface DdlLogDecoder {

    /** @throws IllegalArgumentException if the text is not what the event trigger writes */
    CatalogueChange decode(String json);
}
