package dev.warung.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/errors.md is made from {@link ErrorCode}. To write it anew: {@code ./mvnw test -pl core -Dtest=ErrorsDocTest -Ddocs.write=true}. */
class ErrorsDocTest {

    private static final Path DOC = Path.of("..", "docs", "errors.md");

    @Test
    void docsErrorsIsCurrent() throws Exception {
        String expected = render();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOC, expected);
        }

        assertThat(DOC).content().isEqualTo(expected);
    }

    private static String render() {
        StringBuilder doc = new StringBuilder("""
                # Errors

                Each message begins with a code. `retry` heals by itself, `stop` needs a person, `quarantine` sets one table aside while the
                others go on. This page is made from `ErrorCode`.

                | code | what the program does | what it means | what to do |
                |---|---|---|---|
                """);
        for (ErrorCode code : ErrorCode.values()) {
            doc.append("| `%s` | %s | %s | %s |%n"
                    .formatted(
                            code.name(),
                            code.reaction().name().toLowerCase(Locale.ROOT),
                            code.meaning(),
                            code.remedy()));
        }
        return doc.toString();
    }
}
