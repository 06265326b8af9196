package dev.warung.core.where.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LikeMatcherTest {

    private static final String[] LETTERS = {"a", "a", "b", "b", "é", "😀", "%", "_", "\\"};
    private static final String[] SIGNS = {
        "a", "b", "b", "é", "😀", "%", "%", "_", "_", "\\a", "\\%", "\\_", "\\\\", "\\😀"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itSaysWhatThePatternSays(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = drawn(random, LETTERS, 8);
            String pattern = drawn(random, SIGNS, 7);

            assertThat(LikeMatcher.of(pattern).orElseThrow().matches(text))
                    .as("seed %s: '%s' LIKE '%s'", seed, text, pattern)
                    .isEqualTo(LikePattern.matches(text, pattern));
        }
    }

    @Test
    void aPatternThatEndsInAnEscapeIsLeftToTheOther() {
        assertThat(LikeMatcher.of("a%\\")).isEmpty();
        assertThat(LikeMatcher.of("a%\\\\")).isPresent();
    }

    private static String drawn(Random random, String[] from, int lengthMax) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(lengthMax + 1);
        for (int i = 0; i < length; i++) {
            text.append(from[random.nextInt(from.length)]);
        }
        return text.toString();
    }
}
