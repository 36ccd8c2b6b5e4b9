package io.quoll.statemachine;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.AndFullName.Predicates.fullNameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.WeakHashMap;

/** Holds the arrows between the packages, and what makes the core deterministic. */
@AnalyzeClasses(packages = "io.quoll.statemachine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String HOME = "io.quoll.statemachine.";
  private static final String[] CORE = {HOME + "state", HOME + "command", HOME + "query"};

  @ArchTest
  static final ArchRule packagesKnowOnlyThoseBelowThem =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.quoll.statemachine..")
          .layer("state")
          .definedBy(HOME + "state")
          .layer("command")
          .definedBy(HOME + "command")
          .layer("query")
          .definedBy(HOME + "query")
          .layer("codec")
          .definedBy(HOME + "codec")
          .layer("store")
          .definedBy(HOME + "store")
          .layer("ratis")
          .definedBy(HOME + "ratis")
          .whereLayer("state")
          .mayNotAccessAnyLayer()
          .whereLayer("command")
          .mayOnlyAccessLayers("state")
          .whereLayer("query")
          .mayOnlyAccessLayers("state")
          .whereLayer("codec")
          .mayOnlyAccessLayers("command", "state")
          .whereLayer("store")
          .mayOnlyAccessLayers("codec", "state")
          .whereLayer("ratis")
          .mayOnlyAccessLayers("codec", "store", "command", "query", "state")
          .ensureAllClassesAreContainedInArchitecture();

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(HOME + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule rocksIsKnownToTheStoreOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(HOME + "store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.rocksdb..");

  @ArchTest
  static final ArchRule ratisIsKnownToItsAdapterOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(HOME + "ratis")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.ratis..");

  @ArchTest
  static final ArchRule theCoreTouchesNothingOutside =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.concurrent..",
              "java.io..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.net..",
              "java.time..",
              "java.security..",
              "java.util.logging..",
              "org.slf4j..",
              "org.apache.ratis..",
              "org.rocksdb..",
              "com.google.common.util.concurrent..",
              "com.google.common.cache..");

  @ArchTest
  static final ArchRule theCoreUsesNoTypeThatDiffersFromRunToRun =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              HashMap.class,
              HashSet.class,
              LinkedHashMap.class,
              LinkedHashSet.class,
              IdentityHashMap.class,
              WeakHashMap.class,
              Random.class,
              SplittableRandom.class,
              UUID.class,
              Date.class,
              Calendar.class,
              Thread.class,
              ThreadLocal.class);

  // Set.of and Map.of, too, are iterated in an order that differs from run to run, and formatters
  // write the digits of the machine's locale.
  @ArchTest
  static final ArchRule theCoreCallsNothingThatDiffersFromRunToRun =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .callMethodWhere(
              target(
                  fullNameMatching(
                      String.join(
                          "|",
                          "java\\.lang\\.System\\.(currentTimeMillis|nanoTime|getenv|getProperty).*",
                          "java\\.lang\\.System\\.identityHashCode.*",
                          "java\\.lang\\.(Math|StrictMath)\\.random.*",
                          "java\\.lang\\.Object\\.(hashCode|wait|notify|notifyAll)\\(.*",
                          "java\\.util\\.(Set|Map)\\.(of|copyOf|ofEntries)\\(.*",
                          "java\\.util\\.stream\\.Collectors\\.to(Unmodifiable)?(Set|Map)\\(.*",
                          "java\\.util\\.stream\\.Collectors\\.(groupingBy|partitioningBy).*",
                          "com\\.google\\.common\\.collect\\.(Sets|Maps)\\.newHash.*",
                          ".*\\.(parallelStream|parallel)\\(.*",
                          "java\\.util\\.Locale\\.getDefault.*",
                          "java\\.lang\\.String\\.(toLowerCase|toUpperCase)\\(\\)",
                          "java\\.lang\\.String\\.(format|formatted)\\(.*"))));

  @ArchTest
  static final ArchRule staticFieldsAreFinal = fields().that().areStatic().should().beFinal();
}
