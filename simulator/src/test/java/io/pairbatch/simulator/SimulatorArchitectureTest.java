package io.pairbatch.simulator;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/// Which packages may use which.
@AnalyzeClasses(packages = "io.pairbatch.simulator", importOptions = ImportOption.DoNotIncludeTests.class)
class SimulatorArchitectureTest {

    private static final List<String> PROVIDERS = List.of("package openai", "package anthropic", "package gemini");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.pairbatch.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PROVIDERS_DO_NOT_USE_EACH_OTHER = slices().matching("io.pairbatch.simulator.(*)")
            .namingSlices("package $1")
            .that(DescribedPredicate.describe(
                    "are of one provider", slice -> PROVIDERS.contains(slice.getDescription())))
            .should()
            .notDependOnEachOther();
}
