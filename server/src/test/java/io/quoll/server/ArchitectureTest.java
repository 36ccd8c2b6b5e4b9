package io.quoll.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.quoll.server", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule onlyTheNodeSeesEverything =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("node")
          .definedBy("io.quoll.server")
          .layer("grpc")
          .definedBy("io.quoll.server.grpc..")
          .layer("admin")
          .definedBy("io.quoll.server.admin..")
          .layer("consensus")
          .definedBy("io.quoll.server.consensus..")
          .layer("coordination")
          .definedBy("io.quoll.server.coordination..")
          .layer("tls")
          .definedBy("io.quoll.server.tls..")
          .whereLayer("node")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("grpc")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("admin")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("consensus")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("coordination")
          .mayOnlyBeAccessedByLayers("node", "grpc", "admin", "consensus")
          .whereLayer("tls")
          .mayOnlyBeAccessedByLayers("node", "grpc", "consensus");

  @ArchTest
  static final ArchRule onlyTheFrontEndKnowsGrpc =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.quoll.server.grpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.quoll.api..");

  @ArchTest
  static final ArchRule onlyConsensusKnowsRatis =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.quoll.server.consensus..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.ratis..");

  @ArchTest
  static final ArchRule onlyTheAdministratorsPortKnowsItsLibraries =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.quoll.server.admin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.prometheus..", "io.opentelemetry..", "com.fasterxml.jackson..", "com.sun.net..");

  @ArchTest
  static final ArchRule nobodyHereKnowsRocks =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.rocksdb..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.quoll.server.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule staticFieldsAreFinal = fields().that().areStatic().should().beFinal();
}
