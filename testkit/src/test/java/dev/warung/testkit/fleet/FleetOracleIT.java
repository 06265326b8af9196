package dev.warung.testkit.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.testkit.Database;
import dev.warung.testkit.PostgresFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class FleetOracleIT {

    private static final Logger LOG = LoggerFactory.getLogger(FleetOracleIT.class);
    private static final int SHAPES = 120;
    private static final int OUTLETS = 4;

    @RegisterExtension
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @TempDir
    private Path directory;

    /** A company with a fleet, in a database of its own. */
    private static final class Scene implements AutoCloseable {
        final Connection connection;
        final CompanyLife life;
        final Fleet fleet;
        final FleetOracle oracle;
        private final Connection lifeConnection;

        Scene(long seed, Fleet.Kind kind) throws SQLException {
            Database database = POSTGRES.createDatabase();
            connection = database.connect();
            Company.create(connection);
            Fleet.createControlTables(connection);
            lifeConnection = database.connect();
            life = new CompanyLife(lifeConnection, seed);
            fleet = new Fleet(connection, seed, kind);
            oracle = new FleetOracle(database.connect());
            life.begin();
            fleet.begin(SHAPES, OUTLETS);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone TO 'UTC'");
            }
        }

        @Override
        public void close() throws SQLException {
            lifeConnection.close();
            connection.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void postgresAndTheEvaluationOfClausesAgreeOnWhatEachOutletHolds(long seed) throws Exception {
        try (Scene scene = new Scene(seed, seed == 3 ? Fleet.Kind.OF_ONE_TENANT : Fleet.Kind.ANY)) {
            scene.life.transactions(150);
            for (int i = 0; i < 20; i++) {
                LOG.info("seed {}: {}", seed, scene.fleet.change());
            }

            EvaluatedReplica replica = new EvaluatedReplica(scene.connection);
            int telling = 0;
            for (FleetOutlet outlet : scene.fleet.outlets()) {
                Path file = directory.resolve(outlet.code() + ".db");
                telling += replica.write(outlet, scene.fleet.shapes(), file);
                assertThat(scene.oracle.differences(outlet, scene.fleet.shapes(), file))
                        .as("seed %s", seed)
                        .isEmpty();
            }

            LOG.info(
                    "seed {}: {} statements, {} refused; {} shapes, {} instances, {} with some rows but not all; {} rows",
                    seed,
                    scene.life.executed(),
                    scene.life.refused(),
                    scene.fleet.shapes().size(),
                    scene.fleet.instances(),
                    telling,
                    scene.oracle.rows());
            assertThat(scene.life.refused()).isLessThan(scene.life.executed() / 4);
            assertThat(telling).isGreaterThan(10);
            assertThat(scene.oracle.rows()).isGreaterThan(100);
        }
    }

    @Test
    void aPlantedDifferenceIsNamedWithItsOutletItsTableAndItsShapes() throws Exception {
        try (Scene scene = new Scene(1, Fleet.Kind.ANY)) {
            FleetOutlet outlet = scene.fleet.outlets().get(0);
            Path file = directory.resolve("planted.db");
            new EvaluatedReplica(scene.connection).write(outlet, scene.fleet.shapes(), file);

            plant(file, "DELETE FROM akun_kiri WHERE id = (SELECT min(id) FROM akun_kiri)");
            plant(file, "UPDATE akun_kanan SET saldo = saldo + 1 WHERE id = (SELECT min(id) FROM akun_kanan)");
            plant(file, "INSERT INTO akun_kanan VALUES (100, 1, 5)");

            assertThat(scene.oracle.differences(outlet, scene.fleet.shapes(), file))
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("outlet toko-1 "))
                    .anyMatch(line ->
                            line.contains("table akun_kiri") && line.contains("missing") && line.contains("[bank]"))
                    .anyMatch(line ->
                            line.contains("table akun_kanan") && line.contains("different") && line.contains("1001"))
                    .anyMatch(line -> line.contains("extra ['100', '1', '5']"));
            assertThat(Files.size(file)).isPositive();
        }
    }

    @Test
    void pairsAreWholeAfterEveryTransaction() throws Exception {
        try (Scene scene = new Scene(5, Fleet.Kind.ANY);
                Statement statement = scene.connection.createStatement()) {
            for (int i = 0; i < 100; i++) {
                scene.life.transactions(1);
                try (var torn = statement.executeQuery(Pairs.TORN)) {
                    torn.next();
                    assertThat(torn.getLong(1)).isZero();
                }
            }
        }
    }

    private static void plant(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
