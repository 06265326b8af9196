package dev.warung.capture.source;

import dev.warung.core.value.CopyLine;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code COPY … TO STDOUT} in text format as texts. */
final class CopyTextParser {

    private final int columns;

    CopyTextParser(int columns) {
        this.columns = columns;
    }

    /**
     * The texts of the row; null stands for NULL.
     *
     * @param line the bytes of the row, with or without its newline; overwritten
     * @throws IllegalArgumentException if it has not as many columns as expected
     */
    @Nullable
    String[] parse(byte[] line) {
        @Nullable String[] texts = new @Nullable String[columns];
        CopyLine.read(line, columns, new CopyLine.Values() {
            @Override
            public void isNull(int column) {
                texts[column] = null;
            }

            @Override
            public void text(int column, byte[] bytes, int from, int to) {
                texts[column] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            }
        });
        return texts;
    }
}
