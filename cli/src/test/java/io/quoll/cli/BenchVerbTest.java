package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bench}, which leaves nothing behind. */
class BenchVerbTest {
  private final FakeServer server = FakeServer.start(new FakeTree());

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"set", "get", "mixed", "create-delete", "multi"})
  void loadIsMeasuredAndItsZnodesAreDeleted(String kind) {
    Run bench =
        quoll(
            "-o",
            "json",
            "bench",
            "--workload",
            kind,
            "--sessions",
            "2",
            "--in-flight",
            "3",
            "--znodes",
            "250",
            "--seconds",
            "1",
            "--warmup",
            "0");

    assertThat(bench.out())
        .contains("\"workload\":\"" + kind + "-2x3@250\"", "\"failed\":0", "\"p99Millis\":")
        .doesNotContain("\"requests\":0,");
    assertThat(bench.exitCode()).isZero();
    assertThat(quoll("ls", "/").out()).doesNotContain("quoll-bench");
  }

  @Test
  void openLoopBeginsRequestsAtItsRate() {
    Run bench =
        quoll(
            "bench",
            "--workload",
            "get",
            "--rate",
            "200",
            "--znodes",
            "1",
            "--seconds",
            "1",
            "--warmup",
            "0");

    assertThat(bench.out()).contains("get-6x100@1: ", " 0 failed\n", "p99.9 ");
    assertThat(bench.exitCode()).isZero();
  }

  @Test
  void znodeInTheWayIsLeftAlone() {
    quoll("create", "/mine", "data");

    Run bench = quoll("bench", "--path", "/mine", "--seconds", "1");

    assertThat(bench.err()).contains("/mine");
    assertThat(bench.exitCode()).isEqualTo(1);
    assertThat(quoll("get", "/mine").out()).isEqualTo("data\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--workload put",
        "--sessions 0",
        "--in-flight x",
        "--seconds 0",
        "--rate -1",
        "--znodes -2"
      })
  void wrongOptionsAreRefusedWithTheUsage(String options) {
    Run bench = quoll(("bench " + options).split(" ", -1));

    assertThat(bench.err()).contains("bench [--workload set|get|mixed|create-delete|multi]");
    assertThat(bench.exitCode()).isEqualTo(1);
  }

  private Run quoll(String... args) {
    return Run.at(server.address(), args);
  }
}
