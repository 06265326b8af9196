package dev.warung.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which: pure decisions in the middle, libraries at the edge, features apart from each other. */
@AnalyzeClasses(packages = "dev.warung", importOptions = DoNotIncludeTests.class)
final class LayersTest {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.warung.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule CORE_KNOWS_NO_OTHER_MODULE = noClasses()
            .that()
            .resideInAPackage("dev.warung.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.warung.capture..",
                    "dev.warung.replicator..",
                    "dev.warung.outlet..",
                    "dev.warung.intake..",
                    "dev.warung.embedded..",
                    "dev.warung.bench..",
                    "dev.warung.stack..",
                    "dev.warung.testkit..");

    @ArchTest
    static final ArchRule CAPTURE_MEETS_THE_REPLICATOR_AT_TOPICS_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.warung.capture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.warung.replicator..",
                    "dev.warung.intake..",
                    "dev.warung.bench..",
                    "dev.warung.stack..",
                    "dev.warung.embedded..");

    @ArchTest
    static final ArchRule THE_REPLICATOR_MEETS_CAPTURE_AT_TOPICS_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.warung.replicator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.warung.capture..",
                    "dev.warung.intake..",
                    "dev.warung.bench..",
                    "dev.warung.stack..",
                    "dev.warung.embedded..");

    @ArchTest
    static final ArchRule AN_OUTLET_MEETS_THE_OTHERS_AT_TOPICS_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.warung.outlet..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.warung.capture..",
                    "dev.warung.replicator..",
                    "dev.warung.intake..",
                    "dev.warung.bench..",
                    "dev.warung.stack..",
                    "dev.warung.embedded..");

    @ArchTest
    static final ArchRule INTAKE_MEETS_THE_OTHERS_AT_TOPICS_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.warung.intake..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.warung.capture..",
                    "dev.warung.replicator..",
                    "dev.warung.outlet..",
                    "dev.warung.bench..",
                    "dev.warung.stack..",
                    "dev.warung.embedded..");

    @ArchTest
    static final ArchRule THE_BENCHMARKS_DO_NOT_KNOW_THE_COMMAND = noClasses()
            .that()
            .resideInAPackage("dev.warung.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.warung.stack..")
            .because("the command tells them how it starts the roles, and nothing runs benchmarks but it");

    @ArchTest
    static final ArchRule THE_TESTKIT_IS_FOR_TESTS_AND_THE_SOAK = noClasses()
            .that()
            // the soak is a long test that anybody may run: it has the load, the checks and the processes of the tests
            .resideOutsideOfPackages("dev.warung.testkit..", "dev.warung.bench.soak..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.warung.testkit..");

    @ArchTest
    static final ArchRule THE_SOAK_NEEDS_NO_TEST_LIBRARY = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.warung.bench..",
                    "dev.warung.testkit.load..",
                    "dev.warung.testkit.check..",
                    "dev.warung.testkit.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.warung.testkit.history..",
                    "dev.warung.testkit.log..",
                    "dev.warung.testkit.types..",
                    "org.junit..",
                    "org.assertj..",
                    "org.awaitility..")
            .because("test libraries are not on the command's class path");

    @ArchTest
    static final ArchRule DEBEZIUM_STAYS_IN_THE_ENGINE = noClasses()
            .that()
            .resideInAPackage("dev.warung..")
            .and()
            // the benchmark measures Debezium itself, to compare with it
            .resideOutsideOfPackages("dev.warung.capture.engine..", "dev.warung.bench.reader..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.debezium..", "org.apache.kafka.connect..");

    @ArchTest
    static final ArchRule JDBC_STAYS_IN_ITS_PACKAGES = noClasses()
            .that()
            .resideOutsideOfPackages(JdbcPackages.all())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.sqlite..");

    @ArchTest
    static final ArchRule JSON_IN_CORE_STAYS_IN_THE_WIRE_FORMAT = noClasses()
            .that()
            .resideInAPackage("dev.warung.core..")
            .and()
            .resideOutsideOfPackage("dev.warung.core.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule HTTP_IN_CORE_STAYS_IN_OPS = noClasses()
            .that()
            .resideInAPackage("dev.warung.core..")
            .and()
            .resideOutsideOfPackage("dev.warung.core.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.net.httpserver..");
}
