package io.pairbatch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.pairbatch.backend.Backend;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Holds the arrows of docs/ARCHITECTURE.md.
@AnalyzeClasses(packages = "io.pairbatch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("entry points")
            .definedBy("io.pairbatch.lambda..")
            .layer("steps")
            .definedBy(
                    "io.pairbatch.announce..",
                    "io.pairbatch.api..",
                    "io.pairbatch.claim..",
                    "io.pairbatch.split..",
                    "io.pairbatch.preflight..",
                    "io.pairbatch.submit..",
                    "io.pairbatch.poll..",
                    "io.pairbatch.collect..",
                    "io.pairbatch.merge..",
                    "io.pairbatch.revive..",
                    "io.pairbatch.forget..")
            .layer("opened jobs")
            .definedBy("io.pairbatch.step..")
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
                    "io.pairbatch.pairs..",
                    "io.pairbatch.prompt..",
                    "io.pairbatch.time..")
            .whereLayer("entry points")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("steps")
            .mayOnlyBeAccessedByLayers("entry points")
            .whereLayer("opened jobs")
            .mayOnlyBeAccessedByLayers("entry points", "steps")
            .whereLayer("services")
            .mayOnlyBeAccessedByLayers("entry points", "steps", "opened jobs");

    /// What a step uses of another one, each for a reason; no other step is used by any.
    private static final Map<String, List<String>> STEPS = Map.ofEntries(
            Map.entry("announce", List.of()),
            // Checks a specification as the claim will.
            Map.entry("api", List.of("claim")),
            Map.entry("claim", List.of()),
            // A split begins with a claim.
            Map.entry("split", List.of("claim")),
            // Asks for the first of the pairs that a segment's file holds.
            Map.entry("preflight", List.of("collect")),
            // Nothing is submitted before the preflight.
            Map.entry("submit", List.of("preflight")),
            // When the next submission is due, and which batches nobody owns.
            Map.entry("poll", List.of("submit")),
            Map.entry("collect", List.of()),
            // Adds up what was collected and the preflight.
            Map.entry("merge", List.of("collect", "preflight")),
            Map.entry("revive", List.of()),
            // Looks for batches in doubt before it erases.
            Map.entry("forget", List.of("submit")));

    @ArchTest
    static void stepsUseOnlyTheStepsThatAreListed(JavaClasses classes) {
        STEPS.forEach((step, used) -> noClasses()
                .that()
                .resideInAPackage("io.pairbatch." + step + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STEPS.keySet().stream()
                        .filter(other -> !other.equals(step) && !used.contains(other))
                        .map(other -> "io.pairbatch." + other + "..")
                        .toArray(String[]::new))
                .check(classes));
    }

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.pairbatch.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule JOB_USES_NOTHING_OF_OURS_BUT_BACKEND = noClasses()
            .that()
            .resideInAPackage("io.pairbatch.job..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.pairbatch.pairs..",
                    "io.pairbatch.prompt..",
                    "io.pairbatch.store..",
                    "io.pairbatch.provider..",
                    "io.pairbatch.registry..",
                    "io.pairbatch.results..",
                    "io.pairbatch.cost..");

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
