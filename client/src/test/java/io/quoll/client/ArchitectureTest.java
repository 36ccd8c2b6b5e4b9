package io.quoll.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.quoll.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule clientKnowsOfQuollOnlyTheContract =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "io.quoll.statemachine..", "io.quoll.server..", "io.quoll.cli..");

  @ArchTest
  static final ArchRule contractStaysOutOfWhatCallersSee =
      noClasses()
          .that()
          .arePublic()
          .and()
          .haveNameNotMatching(".*Quoll(Client|Session)")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quoll.api..", "io.grpc..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.quoll.client.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule staticFieldsAreFinal = fields().that().areStatic().should().beFinal();
}
