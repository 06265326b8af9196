package dev.warung.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** Time and chance are passed in, names say something, every package is null-marked. */
@AnalyzeClasses(packages = "dev.warung", importOptions = DoNotIncludeTests.class)
final class HabitsTest {
    /** Where time and chance come from: core.runtime, and the classes that wire a program together. */
    private static final String MAY_ASK_THE_CLOCK = "dev\\.warung\\.core\\.runtime\\..*|.*Main(\\$.*)?";

    @ArchTest
    static final ArchRule TIME_IS_PASSED_IN = noClasses()
            .that()
            .haveNameNotMatching(MAY_ASK_THE_CLOCK)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(InstantSource.class, "system")
            .because("a class that is given its time can be tested at any time");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses()
            .that()
            .haveNameNotMatching(MAY_ASK_THE_CLOCK)
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .because("a sleep cannot be woken at shutdown: wait for a condition, or use Backoff");

    @ArchTest
    static final ArchRule CHANCE_IS_PASSED_IN = noClasses()
            .that()
            .haveNameNotMatching(MAY_ASK_THE_CLOCK)
            .should()
            .callConstructor(Random.class)
            .because("an unseeded Random cannot be replayed");

    @ArchTest
    static final ArchRule NAMES_SAY_SOMETHING = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Data|Info)")
            .because("a type is a noun that a person could say aloud");

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED =
            classes().that().resideInAPackage("dev.warung..").should(beInANullMarkedPackage());

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package whose package-info says @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                events.add(new SimpleConditionEvent(
                        type, marked, type.getName() + (marked ? " is" : " is not") + " in a null-marked package"));
            }
        };
    }
}
