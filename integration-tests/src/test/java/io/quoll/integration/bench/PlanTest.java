package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.cli.bench.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void scenariosAreToldFromWorkloadsAndKeepTheirNames() {
    Plan plan =
        Plan.of(
            List.of("get-6x1", "load-20k", "changes-10kx100", "leader-kill", "idle-7", "large-5m"));

    assertThat(plan.workloads()).extracting(Workload::name).containsExactly("get-6x1");
    assertThat(plan.scenarios())
        .extracting(Scenario::name)
        .containsExactly("load-20k", "changes-10kx100", "leader-kill", "idle-7", "large-5m");
  }

  @Test
  void groupStandsForWhatIsInIt() {
    assertThat(Plan.of(List.of("scaling-nodes")).scenarios())
        .extracting(Scenario::name)
        .containsExactly("nodes-1", "nodes-3", "nodes-5", "nodes-7");
  }

  @Test
  void allIsEveryGroupAndNothingTwice() {
    Plan all = Plan.of(List.of("all", "set-6x100"));

    assertThat(all.workloads()).contains(Workload.named("create-delete-6x20@100k"));
    assertThat(all.workloads()).doesNotHaveDuplicates();
    assertThat(all.scenarios()).hasSize(15);
  }
}
