package io.pairbatch.analysis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Counts know nothing of models, and nothing here knows of jobs, providers or AWS.
@AnalyzeClasses(packages = "io.pairbatch.analysis", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.pairbatch.analysis.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_OF_THE_OTHER_MODULES = noClasses()
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "are of Pairbatch's other modules or of AWS",
                    type -> type.getName().startsWith("software.amazon.")
                            || (type.getName().startsWith("io.pairbatch.")
                                    && !type.getName().startsWith("io.pairbatch.analysis."))));

    @ArchTest
    static final ArchRule NOTHING_PRINTS =
            noClasses().should().accessClassesThat().belongToAnyOf(java.io.PrintStream.class);
}
