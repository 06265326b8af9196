package dev.warung.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.embedded.PostgresServer;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class RandomHistoryIT {

    @Test
    void mostStatementsAreAcceptedSoAHistoryReallyHappens() throws Exception {
        try (PostgresServer postgres = PostgresServer.temporary();
                Connection connection = postgres.connect()) {
            int executed = 0;
            int refused = 0;
            for (int seed = 1; seed <= 5; seed++) {
                RandomHistory history = new RandomHistory(connection, "s" + seed, seed);
                history.run(60);
                executed += history.executed();
                refused += history.refused();
            }

            assertThat(executed).isGreaterThan(500);
            assertThat(refused).isLessThan(executed / 5);
        }
    }
}
