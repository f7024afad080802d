package io.pairbatch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.pairbatch.backend.Backend;
import java.util.Arrays;
import java.util.List;

/// Checks the dependencies drawn in docs/ARCHITECTURE.md.
@AnalyzeClasses(packages = "io.pairbatch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("entry points")
            .definedBy("io.pairbatch.lambda..", "io.pairbatch.offline..", "io.pairbatch.estimate..")
            .layer("steps")
            .definedBy(
                    "io.pairbatch.announce..",
                    "io.pairbatch.api..",
                    "io.pairbatch.split..",
                    "io.pairbatch.submit..",
                    "io.pairbatch.poll..",
                    "io.pairbatch.collect..",
                    "io.pairbatch.merge..",
                    "io.pairbatch.revive..",
                    "io.pairbatch.forget..")
            .layer("opened jobs")
            .definedBy(
                    "io.pairbatch.claim..",
                    "io.pairbatch.preflight..",
                    "io.pairbatch.reconcile..",
                    "io.pairbatch.step..")
            .layer("services")
            .definedBy(
                    "io.pairbatch.provider..",
                    "io.pairbatch.registry..",
                    "io.pairbatch.store..",
                    "io.pairbatch.results..",
                    "io.pairbatch.cost..")
            .layer("words")
            .definedBy(
                    "io.pairbatch.backend..",
                    "io.pairbatch.job..",
                    "io.pairbatch.numbers..",
                    "io.pairbatch.pairing..",
                    "io.pairbatch.pairs..",
                    "io.pairbatch.problem..",
                    "io.pairbatch.prompt..",
                    "io.pairbatch.samples..",
                    "io.pairbatch.spec..",
                    "io.pairbatch.text..",
                    "io.pairbatch.time..")
            .whereLayer("entry points")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("steps")
            .mayOnlyBeAccessedByLayers("entry points")
            .whereLayer("opened jobs")
            .mayOnlyBeAccessedByLayers("entry points", "steps")
            .whereLayer("services")
            .mayOnlyBeAccessedByLayers("entry points", "steps", "opened jobs");

    private static final List<String> STEPS =
            List.of("announce", "api", "split", "submit", "poll", "collect", "merge", "revive", "forget");

    @ArchTest
    static final ArchRule NO_STEP_USES_ANOTHER = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return STEPS.stream()
                            .filter(step -> type.getPackageName().equals("io.pairbatch." + step))
                            .findFirst()
                            .map(SliceIdentifier::of)
                            .orElse(SliceIdentifier.ignore());
                }

                @Override
                public String getDescription() {
                    return "steps";
                }
            })
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.pairbatch.(*)..").should().beFreeOfCycles();

    private static final String[] OF_ONE_PROVIDER = Arrays.stream(Backend.values())
            .map(backend -> "io.pairbatch.provider." + backend.code() + "..")
            .toArray(String[]::new);

    @ArchTest
    static final ArchRule ONLY_THE_CATALOG_KNOWS_PROVIDERS = noClasses()
            .that()
            .resideOutsideOfPackages(OF_ONE_PROVIDER)
            .and()
            .resideOutsideOfPackage("io.pairbatch.provider.catalog..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(OF_ONE_PROVIDER);

    @ArchTest
    static final ArchRule PROVIDERS_DO_NOT_KNOW_EACH_OTHER = slices().matching("io.pairbatch.provider.(*)..")
            .namingSlices("provider $1")
            .that(DescribedPredicate.describe(
                    "are of one provider",
                    slice -> Arrays.stream(Backend.values())
                            .anyMatch(backend -> slice.getDescription().equals("provider " + backend.code()))))
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule ONE_CLASS_KNOWS_HOW_DYNAMODB_WRITES_A_VALUE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.pairbatch.registry.RegistryTable")
            .and()
            .haveNameNotMatching("io\\.pairbatch\\.registry\\.RegistryTable\\$.*")
            .and()
            .resideOutsideOfPackage("io.pairbatch.standins..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(software.amazon.awssdk.services.dynamodb.model.AttributeValue.class);

    @ArchTest
    static final ArchRule NOTHING_PRINTS =
            noClasses().should().accessClassesThat().belongToAnyOf(java.io.PrintStream.class);

    @ArchTest
    static final ArchRule ONLY_ENTRY_POINTS_KNOW_LAMBDA = classes()
            .that()
            .resideInAPackage("com.amazonaws..")
            .should()
            .onlyBeAccessed()
            .byAnyPackage("io.pairbatch.lambda..", "com.amazonaws..")
            .allowEmptyShould(true);
}
