package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quoll.cli.bench.Workload;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {
  @Test
  void unlessToldBothProductsTakeThreeTurnsWarmedForAMinute() {
    BenchOptions options = BenchOptions.of();

    assertThat(options.products()).containsExactly(Product.QUOLL, Product.ZOOKEEPER);
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(60));
    assertThat(options.plan().workloads())
        .extracting(Workload::name)
        .containsExactlyElementsOf(Target.all().keySet());
  }

  @Test
  void oneProductMayBeMeasuredAlone() {
    assertThat(BenchOptions.of("--only", "quoll").products()).containsExactly(Product.QUOLL);
  }

  @Test
  void argumentsOfTheServersAreSplitAndTheirFolderIsFilledIn() {
    BenchOptions options =
        BenchOptions.of("--heap", "2g", "--jvm-args-quoll", "-Xlog:gc -Xlog:gc:{folder}/gc.log");
    Member member = new Member(1, "h", "p", 1, 2, 3, false, Path.of("/f/server1"));

    assertThat(options.settings(Product.QUOLL).jvmArguments(member))
        .containsExactly("-Xlog:gc", "-Xlog:gc:/f/server1/gc.log");
    assertThat(options.settings(Product.ZOOKEEPER).jvmArguments(member)).isEmpty();
    assertThat(options.settings(Product.ZOOKEEPER).heap()).isEqualTo("2g");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--workloads=put-1x1",
        "--workloads=load-0",
        "--seconds=0",
        "--rounds=0",
        "--only=etcd",
        "--rate=-1",
        "--nonsense",
        "--workloads=changes-10k"
      })
  void whatCannotBeRunIsRefused(String argument) {
    assertThatThrownBy(() -> BenchOptions.of(argument))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
