package io.quoll.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  @Test
  void nameTellsKindSizeSessionsRequestsAndZnodes() {
    assertThat(Workload.named("create-delete-64k-6x20@5m"))
        .isEqualTo(new Workload(Workload.Kind.CREATE_DELETE, 6, 20, 64 * 1024, 5_000_000));
  }

  @Test
  void whatANameDoesNotTellIsUsual() {
    assertThat(Workload.named("set-1x1"))
        .isEqualTo(new Workload(Workload.Kind.SET, 1, 1, Workload.VALUE_BYTES, Workload.ZNODES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set-6x100",
        "get-6x1@10k",
        "mixed-10-6x1",
        "set-1k-6x20",
        "multi-6x20@17",
        "get-0-1x1@2m"
      })
  void nameSpellsTheWorkloadThatItCameFrom(String name) {
    assertThat(Workload.named(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "set", "set-6", "6x100", "set-6x100@", "set-6x100@1g", "SET-6x1"})
  void whatIsNoNameIsRefusedWithTheForm(String text) {
    assertThatThrownBy(() -> Workload.named(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KIND");
  }

  @Test
  void unknownKindIsRefusedWithAllKinds() {
    assertThatThrownBy(() -> Workload.named("put-6x1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"put\" is none of set, get, mixed, create-delete, multi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"set-0x1", "set-1x0", "set-99999x1", "set-600k-1x1", "get-1x1@99m"})
  void whatNobodyCouldBearIsRefused(String name) {
    assertThatThrownBy(() -> Workload.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there may be");
  }
}
