package dev.warung.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresUrlTest {

    @Test
    void everyPartOfALibpqUrlIsRead() {
        PostgresUrl url = PostgresUrl.parse("postgresql://ani:p%40ss+1@db.example:6000/toko?sslmode=require");

        assertThat(url)
                .isEqualTo(new PostgresUrl("db.example", 6000, "toko", "ani", "p@ss+1", Map.of("sslmode", "require")));
        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db.example:6000/toko?sslmode=require");
    }

    @Test
    void theLoginMayStandInTheQueryOfAJdbcUrl() {
        PostgresUrl url = PostgresUrl.parse("jdbc:postgresql://127.0.0.1/toko?user=ani&password=x%26y");

        assertThat(url).isEqualTo(new PostgresUrl("127.0.0.1", 5432, "toko", "ani", "x&y", Map.of()));
    }

    @Test
    void itsTextHoldsNoPassword() {
        assertThat(PostgresUrl.parse("postgres://ani:secret@db/toko"))
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void whatIsNoUrlIsRefused() {
        assertThatThrownBy(() -> PostgresUrl.parse("db:5432/toko")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PostgresUrl.parse("postgresql://db")).isInstanceOf(IllegalArgumentException.class);
    }
}
