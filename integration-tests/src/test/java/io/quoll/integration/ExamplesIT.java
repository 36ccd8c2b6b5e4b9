package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The programs of {@code api/examples}, run as their README says, where their runtimes are. */
class ExamplesIT {
  private static final Path EXAMPLES =
      Path.of("..", "api", "examples").toAbsolutePath().normalize();
  private static final Path FOLDER = Path.of("target", "examples").toAbsolutePath();
  private static final ImmutableList<String> PYTHONS =
      ImmutableList.of("/usr/bin/python3", "python3");
  private static final int COMMAND_SECONDS_MAX = 60;

  private static Ensemble ensemble;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(FOLDER);
    ensemble = Ensemble.start("examples");
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void aMemberInPythonAndOneInNodeSeeEachOtherComeAndGo() throws Exception {
    try (ExampleProcess ada = python("ada", 1);
        ExampleProcess grace = node("grace", 2)) {
      ada.awaitLine("announced /members/ada-\\d{10}");
      grace.awaitLine("announced /members/grace-\\d{10}");
      ada.awaitLine("members: ada-\\d+ grace-\\d+");
      grace.awaitLine("members: ada-\\d+ grace-\\d+");

      ada.finish();

      grace.awaitLine("members: grace-\\d+");
      assertThat(ada.lines()).last().isEqualTo("closed");
      grace.finish();
      assertThat(grace.lines()).last().isEqualTo("closed");
    }
  }

  @Test
  void bothKeepTheirSessionsAndTheirWatchesWhenTheLeaderIsKilled() throws Exception {
    int leader = ensemble.servers().indexOf(ensemble.leader()) + 1;
    try (ExampleProcess alan = python("alan", leader);
        ExampleProcess edsger = node("edsger", leader)) {
      alan.awaitLine("members: alan-\\d+ edsger-\\d+");
      edsger.awaitLine("members: alan-\\d+ edsger-\\d+");

      ensemble.server(leader).kill();

      try (ExampleProcess niklaus = python("niklaus", leader % 3 + 1)) {
        alan.awaitLine("members: alan-\\d+ edsger-\\d+ niklaus-\\d+");
        edsger.awaitLine("members: alan-\\d+ edsger-\\d+ niklaus-\\d+");
        niklaus.finish();
      }
      alan.finish();
      edsger.finish();
    } finally {
      ensemble.startAll();
    }
  }

  private static ExampleProcess python(String name, int first) throws Exception {
    String python = python();
    Path stubs = FOLDER.resolve("stubs");
    assertThat(exitOf(EXAMPLES.resolve("python/generate.sh").toString(), stubs.toString()))
        .isZero();
    return ExampleProcess.start(
        List.of(python, EXAMPLES.resolve("python/members.py").toString(), addresses(first), name),
        Map.of("PYTHONPATH", stubs.toString()),
        FOLDER.resolve(name + ".out"));
  }

  private static String python() throws Exception {
    assumeThat(exitOf("grpc_python_plugin")).as("there is a protoc for Python").isNotEqualTo(127);
    for (String python : PYTHONS) {
      if (exitOf(python, "-c", "import grpc, google.protobuf") == 0) {
        return python;
      }
    }
    assumeThat(false).as("there is a Python with grpc").isTrue();
    throw new AssertionError();
  }

  private static ExampleProcess node(String name, int first) throws Exception {
    assumeThat(exitOf("node", "--version")).as("there is a Node").isZero();
    assumeThat(EXAMPLES.resolve("node/node_modules")).as("npm install was run").isDirectory();
    return ExampleProcess.start(
        List.of("node", EXAMPLES.resolve("node/members.js").toString(), addresses(first), name),
        Map.of(),
        FOLDER.resolve(name + ".out"));
  }

  private static String addresses(int first) {
    return ensemble.startingWith(first).stream()
        .map(ServerProcess::clientAddress)
        .collect(Collectors.joining(","));
  }

  private static int exitOf(String... command) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException absent) {
      return 127;
    }
    assertThat(process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
