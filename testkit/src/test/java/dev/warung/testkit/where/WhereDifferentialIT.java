package dev.warung.testkit.where;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random clauses on random rows: our evaluation against PostgreSQL's, and SQLite's against both. {@code -Dwhere.seed=} replays one
 * seed, {@code -Dwhere.tables=} sets how many tables are tried.
 */
class WhereDifferentialIT {

    private static final int CLAUSES = 350;
    private static final long PAIRS_MIN = 20_000;

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @Test
    void everyClauseSaysOfEveryRowWhatPostgresqlSays() throws Exception {
        long seed = Long.getLong("where.seed", 20261121L);
        int tables = Integer.getInteger("where.tables", 10);
        Database database = POSTGRES.createDatabase();
        Tally tally = new Tally();
        List<String> differences = new ArrayList<>();
        try (DifferentialRun run = new DifferentialRun(database, tally, differences)) {
            for (int table = 0; table < tables && differences.size() < 40; table++) {
                run.table(seed + table, CLAUSES);
            }
        }
        System.out.println("where clauses: seed " + seed + ", " + tally);

        assertThat(differences)
                .as("replay one table with -Dwhere.seed=<seed> -Dwhere.tables=1")
                .isEmpty();
        if (tables > 1) {
            assertThat(tally.pairs).isGreaterThan(PAIRS_MIN);
            assertThat(tally.yes).isGreaterThan(tally.pairs / 20);
            assertThat(tally.unknown).isGreaterThan(tally.pairs / 20);
            assertThat(tally.errors).isPositive();
            assertThat(tally.exactInSqlite).isPositive();
        }
    }

    /** What was seen. */
    static final class Tally {
        long clauses;
        long pairs;
        long yes;
        long no;
        long unknown;
        long errors;
        long refusedByBoth;
        long exactInSqlite;
        long filteredInSqlite;

        @Override
        public String toString() {
            return clauses + " clauses, " + pairs + " pairs: " + yes + " true, " + no + " false, " + unknown + " null, "
                    + errors
                    + " errors; " + refusedByBoth + " clauses refused by both; SQLite: " + exactInSqlite + " exact, "
                    + filteredInSqlite + " filtered";
        }
    }
}
