package dev.warung.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.core.change.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePatternsTest {

    @Test
    void aStarStandsForAnyText() {
        TablePatterns patterns = new TablePatterns(List.of("shop.*", "public.order*"), List.of("shop.tmp_*"));

        assertThat(patterns.matches(new TableId("shop", "produk"))).isTrue();
        assertThat(patterns.matches(new TableId("public", "order_items"))).isTrue();
        assertThat(patterns.matches(new TableId("public", "reorder"))).isFalse();
        assertThat(patterns.matches(new TableId("shop", "tmp_1"))).isFalse();
    }

    @Test
    void aNameWithoutSchemaIsInPublic() {
        TablePatterns patterns = new TablePatterns(List.of("produk"), List.of());

        assertThat(patterns.matches(new TableId("public", "produk"))).isTrue();
        assertThat(patterns.matches(new TableId("shop", "produk"))).isFalse();
    }

    @Test
    void specialCharactersOfANameMeanThemselves() {
        TablePatterns patterns = new TablePatterns(List.of("s.a+b(c)"), List.of());

        assertThat(patterns.matches(new TableId("s", "a+b(c)"))).isTrue();
        assertThat(patterns.matches(new TableId("s", "aab(c)"))).isFalse();
    }

    @Test
    void systemSchemasAreNeverCaptured() {
        assertThat(TablePatterns.ALL.matches(new TableId("warung", "settings"))).isFalse();
        assertThat(TablePatterns.ALL.matches(new TableId("pg_catalog", "pg_class")))
                .isFalse();
    }

    @Test
    void anEmptyPatternIsRefused() {
        assertThatThrownBy(() -> new TablePatterns(List.of(" "), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TablePatterns(List.of(), List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
